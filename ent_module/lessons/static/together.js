// Keeps the class's screen and the teacher's notes in step, whichever of the two moves.
// Without this file, the links of each page turn the pages of that window alone.

const deck = document.querySelector("[data-deck]");
const slides = [...deck.querySelectorAll("[data-slide]")];
const clock = deck.querySelector("[data-clock]");
const other = new BroadcastChannel(`ent-lesson-${deck.dataset.deck}`);
const [ahead, back] =
  document.documentElement.dir === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
const steps = { [ahead]: 1, PageDown: 1, [back]: -1, PageUp: -1 }; // remote controls send Page; the rest scrolls
let at = slides.findIndex((slide) => !slide.hidden);
let started = null;

function show(to, { tell }) {
  const from = slides[at];
  const slide = slides[to];
  if (!slide || to === at) return;
  const focused = from.contains(document.activeElement) ? document.activeElement.dataset.move : undefined;
  from.hidden = true;
  slide.hidden = false;
  at = to;
  history.replaceState(null, "", slide.dataset.slide);
  if (focused) (slide.querySelector(`[data-move="${focused}"]`) ?? slide).focus();
  if (tell) other.postMessage({ to });
  // The clock runs from the moment at which the class leaves the title of a part.
  if ("opening" in slide.dataset) started = null;
  else started ??= Date.now();
  tick();
}

function tick() {
  if (clock) clock.textContent = started === null ? "0" : Math.floor((Date.now() - started) / 60000);
}

other.onmessage = ({ data }) => {
  if (data.hello) other.postMessage({ to: at });
  else show(data.to, { tell: false });
};
other.postMessage({ hello: true });

deck.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-move]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(at + Number(link.dataset.move), { tell: true });
});

window.addEventListener("keydown", (event) => {
  const step = steps[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  show(at + step, { tell: true });
});

if (clock) {
  clock.closest("[hidden]")?.removeAttribute("hidden");
  setInterval(tick, 5000);
}
