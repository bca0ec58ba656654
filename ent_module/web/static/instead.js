// A page that answers a form takes an address that can be opened again: reloading it, or coming back to it, then shows
// that address and never sends the form a second time. The page that gives a code or shows a thread cannot come back.

const { instead } = document.documentElement.dataset;
if (instead) history.replaceState(history.state, "", instead);
