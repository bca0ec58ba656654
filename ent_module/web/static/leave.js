// Quick exit: blanks the page at once, then replaces it, so that "back" does not lead here again.
// Without this file the link does the same, a little slower. Shift pressed three times works too.

const link = document.querySelector("a[data-leave]");
let presses = [];

function leave(event) {
  event?.preventDefault();
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

if (link) {
  for (const one of document.querySelectorAll("a[data-leave]")) one.addEventListener("click", leave);
  window.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    presses = [...presses.filter((moment) => event.timeStamp - moment < 5000), event.timeStamp];
    if (presses.length === 3) leave();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
