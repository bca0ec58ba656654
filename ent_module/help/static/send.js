// A form of one page, sent so that a line that fails loses nothing. Without this script the browser sends it.

import { deliver, show } from "./line.js";

let sending = false;

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-deliver]")) return;
  event.preventDefault();
  if (sending) return; // tapped twice
  sending = true;
  const answer = await deliver(form, event.submitter);
  sending = false;
  if (!answer) return;
  // An answer to a form has no address of its own: reloading it shows one that has.
  history.replaceState(history.state, "", answer.instead ?? location.href);
  show(answer.body);
});
