// Quick exit: blanks the page at once, then replaces it, so that "back" does not lead here again.
// Without this file the link does the same, a little slower. Shift pressed three times works too.

let presses = [];

function leave(link) {
  const cover = document.createElement("div");
  cover.className = "left-already";
  document.body.append(cover);
  document.title = " ";
  if (window.top === window) {
    location.replace(link.href);
    return;
  }
  // In a portal's frame the whole page must go, or its menu would still tell. A session that lives in another site's
  // frame is not known to the page that takes its place, so it is ended from here.
  fetch(link.href, { redirect: "manual", keepalive: true }).catch(() => {});
  try {
    window.top.location.replace(link.href);
  } catch {
    location.replace(link.href); // a portal that shuts its frames in
  }
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
