// On the école side: one question a screen. Without this script all questions stand on one page, and all works.
// Nothing is sent or stored before the form is sent. The device's Back button is « Retour »: the history holds the
// number of the question, and how many were gone through to come to it.

const form = document.querySelector("form#questions");
const last = form.querySelector(".last-step");
const steps = [...form.querySelectorAll("fieldset.choices"), last];
const sections = [...form.querySelectorAll("fieldset.section")];
const send = last.querySelector("button");

form.classList.add("stepped");
const place = document.createElement("p");
place.className = "step-place";
form.prepend(place);

const moves = document.createElement("p");
moves.className = "buttons";
const back = button(form.dataset.back, "quiet", goBack);
const next = button(form.dataset.next, "", goOn);
moves.append(back, next);
form.append(moves);

let current = 0;

// Without those that the answers so far leave out (relevant.js); the last step is always there.
const asked = () => steps.filter((one) => !one.disabled);

function button(words, kind, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function show(step, focus = true) {
  current = Math.max(0, Math.min(step, steps.length - 1));
  while (steps[current].disabled) current += 1;
  const here = steps[current];
  const end = here === last;
  for (const one of steps) one.hidden = one !== here;
  for (const section of sections) section.hidden = !section.contains(here);
  back.hidden = here === asked()[0];
  next.hidden = end;
  // A disabled button also keeps Enter from sending half a questionnaire.
  send.disabled = !end;
  place.hidden = end;
  form.classList.toggle("under-way", current > 0);
  tell();
  if (focus) {
    here.tabIndex = -1;
    here.focus({ preventScroll: true });
    (end ? here : place).scrollIntoView({ block: "start" });
  }
}

// An answer may change how many questions there are.
function tell() {
  const all = asked();
  const number = all.indexOf(steps[current]) + 1;
  place.textContent = form.dataset.place.replace("{place}", number).replace("{all}", all.length - 1);
}

function goOn() {
  if (![...steps[current].querySelectorAll("input")].every((field) => field.reportValidity())) return;
  show(current + 1);
  history.pushState({ step: current, behind: history.state.behind + 1 }, "");
}

function goBack() {
  if (history.state?.behind) history.back();
  else stand(steps.indexOf(asked()[asked().indexOf(steps[current]) - 1]));
}

// Shows a question without a new place in the history.
function stand(step, focus = true) {
  show(step, focus);
  history.replaceState({ step: current, behind: 0 }, "");
}

window.addEventListener("popstate", (event) => {
  if (event.state) show(event.state.step);
});

form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input") && steps[current] !== last) {
    event.preventDefault();
    goOn();
  }
});

form.addEventListener("input", tell);

// A number that does not fit, on a question that was left by the device's own buttons.
form.addEventListener("invalid", (event) => {
  const wanted = steps.findIndex((one) => one.contains(event.target));
  if (wanted !== current) stand(wanted);
}, true);

// The error summary links to a question that may be hidden.
window.addEventListener("hashchange", () => {
  const wanted = steps.findIndex((one) => one.id === location.hash.slice(1));
  if (wanted >= 0) stand(wanted);
});

const wrong = steps.findIndex((one) => one.getAttribute("aria-invalid") === "true");
stand(Math.max(0, wrong), false);
