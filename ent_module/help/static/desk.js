// The desk by keyboard: j and k go through the list, Enter opens, r goes to the answer. Everything works without it.
// Single keys can be switched off (WCAG 2.1.4); only that choice is kept in this browser.
const KEPT = "ent-desk-keys";
const rows = [...document.querySelectorAll("[data-row]")];
const answer = document.querySelector(".actions textarea[name=message]");
const box = document.querySelector("[data-shortcuts]");

const read = () => {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // storage refused by the browser
  }
};
let on = read();

const show = () => {
  const button = box?.querySelector("button");
  if (button) button.textContent = on ? box.dataset.on : box.dataset.off;
};

const toggle = () => {
  on = !on;
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // kept until the page is left
  }
  show();
};

const step = (by) => {
  const here = rows.indexOf(document.activeElement);
  const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1);
  rows[next]?.focus();
};

const keys = { j: () => step(1), k: () => step(-1), r: () => answer?.focus() };

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (!on || typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

if (box) {
  box.hidden = false;
  box.querySelector("button").addEventListener("click", toggle);
  show();
}
