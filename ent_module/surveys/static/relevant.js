// Questions that concern only some: they come and go with the answers to earlier ones. Nothing is asked of the server,
// which follows the same rule when it reads the form. Without this script all questions stand on the page.

const form = document.querySelector("form#questions");
const concerned = [...form.querySelectorAll("fieldset[data-relevant]")].map((question) => ({
  question,
  rule: JSON.parse(question.dataset.relevant),
}));

// What was answered: choices, or the band of a number. A question that concerns nobody here answers nothing.
function answered(id) {
  const fields = [...document.getElementById(id).querySelectorAll("input:enabled")];
  return fields.flatMap((field) => {
    if (field.type === "number") return band(field);
    return field.checked ? [field.value] : [];
  });
}

function band(field) {
  if (field.value === "" || !field.validity.valid) return [];
  const words = field.dataset.bands.trim().split(" ");
  let found = [];
  for (let at = 0; at < words.length; at += 2) if (Number(words[at]) <= field.valueAsNumber) found = [words[at + 1]];
  return found;
}

function holds({ every, conditions }) {
  const met = ([id, choices]) => answered(id).some((choice) => choices.includes(choice));
  return every ? conditions.every(met) : conditions.some(met);
}

// In the order of the page: a question may rest on one that rests on another.
function settle() {
  for (const { question, rule } of concerned) question.disabled = !holds(rule);
}

if (concerned.length) {
  form.classList.add("sifted");
  form.addEventListener("input", settle);
  window.addEventListener("pageshow", settle);
  settle();
}
