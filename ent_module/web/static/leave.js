// Quick exit: blanks the page at once, then replaces it, so that "back" does not lead here again.
// Without this file the link does the same, a little slower. Shift pressed three times works too.

let presses = [];

function leave(link) {
  const cover = document.createElement("div");
  cover.className = "left-already";
  document.body.append(cover);
  document.title = " ";
  let target = window;
  try {
    if (window.top.location.href) target = window.top; // the portal's own page only, when it is of our origin
  } catch {
    target = window;
  }
  target.location.replace(link.href);
}

// One listener for all: the steps of a form replace what the page holds.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-leave]");
  if (!link) return;
  event.preventDefault();
  leave(link);
});
window.addEventListener("keyup", (event) => {
  if (event.key !== "Shift") {
    presses = [];
    return;
  }
  presses = [...presses.filter((moment) => event.timeStamp - moment < 5000), event.timeStamp];
  const link = document.querySelector("a[data-leave]");
  if (presses.length === 3 && link) leave(link);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
