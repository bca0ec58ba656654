// On a poor line: what could not be sent stays on the page and is sent again, with the token that its form has. However
// often it arrives it is one message, and shows the same code. Nothing is put into any storage.

const WAITS = [1, 2, 4, 8, 15]; // seconds; the last one again and again
const ELSEWHERE = [502, 503, 504]; // of a proxy that reaches nobody

// Sends a form until it is answered. Meanwhile the form says that nothing is lost.
export async function deliver(form, pressed) {
  const fields = new FormData(form);
  if (pressed?.name) fields.append(pressed.name, pressed.value);
  const body = new URLSearchParams(fields);
  for (let failed = 0; ; failed += 1) {
    const answer = await once(form.action, body);
    if (answer) {
      say(form, false);
      return answer;
    }
    say(form, true);
    await pause(WAITS[Math.min(failed, WAITS.length - 1)]);
    if (!form.isConnected) return null;
  }
}

async function once(action, body) {
  try {
    const answer = await fetch(action, { method: "POST", body });
    if (ELSEWHERE.includes(answer.status)) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { status: answer.status, url: answer.url, instead: page.documentElement.dataset.instead, body: page.body };
  } catch {
    return null;
  }
}

function say(form, waiting) {
  const words = form.querySelector("[data-no-line]");
  if (!words || words.hidden === !waiting) return;
  words.hidden = !waiting;
  if (waiting) words.scrollIntoView({ block: "nearest" });
}

// The time, or the moment at which the browser says that there is a network again.
function pause(seconds) {
  return new Promise((done) => {
    setTimeout(done, seconds * 1000);
    window.addEventListener("online", done, { once: true });
  });
}

// Shows what was answered in place of this page.
export function show(body) {
  document.body.replaceChildren(...body.childNodes);
  window.scrollTo(0, 0);
  const first = document.querySelector("main [autofocus]") ?? document.querySelector("main h1");
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
}
