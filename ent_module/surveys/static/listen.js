// Reads a question and its answers aloud, with voices of the machine itself only: a voice from elsewhere would tell
// elsewhere what is read. It never tells which answer is ticked. Without such a voice there is no button.

const form = document.querySelector("form#questions");
const voices = window.speechSynthesis;
const language = document.documentElement.lang;
let reading = null;

function voice() {
  return voices.getVoices().find((one) => one.localService && one.lang.toLowerCase().split(/[-_]/)[0] === language);
}

function hush() {
  if (!reading) return;
  reading.textContent = form.dataset.listen;
  reading = null;
  voices.cancel();
}

function read(button) {
  const question = button.closest("fieldset");
  const words = [...question.querySelectorAll(":scope > legend, .about p, label > span")].map((one) => one.textContent);
  reading = button;
  button.textContent = form.dataset.hush;
  const manner = { voice: voice(), lang: language, rate: 0.9 };
  const sentences = words.map((text) => Object.assign(new SpeechSynthesisUtterance(text), manner));
  sentences.at(-1).addEventListener("end", () => button === reading && hush());
  for (const sentence of sentences) voices.speak(sentence);
}

function offer() {
  if (!voice() || form.querySelector(".listen")) return;
  for (const question of form.querySelectorAll("fieldset.choices")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "listen quiet";
    button.textContent = form.dataset.listen;
    button.setAttribute("aria-describedby", question.querySelector("legend").id);
    question.querySelector(".about").after(button);
  }
}

// One listener for all: any other button or key that leaves the question also ends the reading.
form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const again = button === reading;
  if (button) hush();
  if (button?.matches(".listen") && !again) read(button);
});
window.addEventListener("popstate", hush);
window.addEventListener("pagehide", hush);

if (voices) {
  voices.addEventListener?.("voiceschanged", offer);
  offer();
}
