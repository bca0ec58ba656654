// École: the steps follow each other without leaving the page, so that the device's Back button is « Revenir », loses
// nothing and sends nothing twice. Without this script each step is a page of its own, and all works.
// What is written stays in the page: the history holds the number of the step, and no storage holds anything.

import { deliver, show } from "./line.js";

const FORM = "form[data-steps]";
let current = history.state?.step ?? 0;
let turn = Promise.resolve();
history.replaceState({ step: current }, "");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(FORM)) return;
  event.preventDefault();
  const pressed = event.submitter;
  const back = pressed?.value === "back";
  inTurn(async () => {
    if (!form.isConnected) return; // tapped twice: the first tap has gone on
    const answer = await deliver(form, pressed);
    if (!answer) return;
    // The history first: who sees a question and presses Back at once goes back from that question.
    if (back && current > 0) {
      current -= 1;
      await moveInHistory(-1);
    } else if (back || answer.status === 422) {
      history.replaceState({ step: current }, "");
    } else {
      current += 1;
      history.pushState({ step: current }, "", answer.instead);
    }
    show(answer.body);
  });
});

window.addEventListener("popstate", (event) => {
  if (event.state?.step === undefined) return; // a link to a place of this page
  const { step } = event.state;
  inTurn(async () => {
    if (step === current) return;
    if (step > current) {
      await moveInHistory(current - step); // what lies ahead was not kept
      return;
    }
    const back = document.querySelector(`${FORM} button[value="back"]`);
    if (!back) {
      history.go(-step - 1); // the first question, or all is sent: to the page before the form
      return;
    }
    const answer = await deliver(back.form, back);
    if (!answer) return;
    current = step;
    show(answer.body);
  });
});

function inTurn(act) {
  turn = turn.then(act);
}

// From one step to another, all of which are this document; who taps meanwhile waits for it.
function moveInHistory(by) {
  return new Promise((done) => {
    window.addEventListener("popstate", done, { once: true });
    history.go(by);
  });
}
