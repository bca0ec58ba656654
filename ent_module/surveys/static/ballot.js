// A pupil's way through a questionnaire: a token is signed blindly when the page opens, the answers are sealed here,
// and the ballot goes where nobody is signed in. Answers are never stored; the token is, until it has been used: for
// the tab on a shared device, for the browser at home. Of the page's states one is shown at a time.

import { base64, blind, finish, join, random } from "./blind.js";
import { seal } from "./seal.js";

const form = document.querySelector("form[data-ballot]");
const { after, begun, campaign, cohort, keys, mark, pool, questionnaire, token, until, where } = form.dataset;
const mine = [form.dataset.seat, cohort, keys].join(" "); // whose token, and signed with what
const kept = `ent-ballot ${campaign}`;
const octets = { "Content-Type": "application/octet-stream" };

let ready = null; // the keys and the token, until they are used

// The scripts that arrange the questions come after this one, and may take longer than the token does.
const arranged = new Promise((resume) => document.addEventListener("DOMContentLoaded", resume, { once: true }));

// Ends the way to the questions in one of the page's states.
function halt(state) {
  throw Object.assign(new Error(state), { state });
}

// `moved`: what had the focus is gone, and who listens or types goes on from the new words.
function show(state, moved = false) {
  for (const one of document.querySelectorAll("[data-state]")) one.hidden = one.dataset.state !== state;
  if (!moved) return;
  const here = document.querySelector(`[data-state="${state}"]`);
  here.tabIndex = -1;
  here.focus();
}

const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
const uuid = (text) => fromHex(text.replaceAll("-", ""));
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

// --- What is kept: {mine, until, prepared, unmask, blinded, signature?, begun?} --------------------------------------------

const base = "ent-ballots";

function inBrowser(act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(base, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("tokens");
    opening.onerror = reject;
    opening.onsuccess = () => {
      const deal = opening.result.transaction("tokens", "readwrite", { durability: "strict" });
      const asked = act(deal.objectStore("tokens"));
      deal.onabort = reject;
      deal.oncomplete = () => resolve(asked.result);
      opening.result.close(); // once the deal is done
    };
  });
}

const home = where === "home";
const read = async () => (home ? inBrowser((store) => store.get(kept)) : JSON.parse(sessionStorage.getItem(kept)));
const write = async (state) =>
  home ? inBrowser((store) => store.put(state, kept)) : sessionStorage.setItem(kept, JSON.stringify(state));
const drop = async () => (home ? inBrowser((store) => store.delete(kept)) : sessionStorage.removeItem(kept));

// A token that was never sent is worth nothing once its survey is over, and tells that somebody here had one.
async function forgetOld() {
  const bases = (await indexedDB.databases?.()) ?? [];
  if (!bases.some(({ name }) => name === base)) return;
  const today = new Date().toISOString().slice(0, 10);
  await inBrowser((store) => {
    const walk = store.openCursor();
    walk.onsuccess = () => {
      const at = walk.result;
      if (at && at.key !== kept && !(at.value.until >= today)) at.delete();
      at?.continue();
    };
    return walk;
  });
}

// --- Asking -----------------------------------------------------------------------------------------------------------

// The same bytes again after 1, 2, 4 … 60 seconds, or once there is a network, until there is an answer that counts.
async function insist(address, options, counts = (status) => status < 500 && status !== 429, failed = () => {}) {
  for (let wait = 1; ; wait = Math.min(2 * wait, 60)) {
    try {
      const signal = AbortSignal.timeout?.(30_000);
      const answer = await fetch(address, { redirect: "manual", referrerPolicy: "no-referrer", signal, ...options });
      if (counts(answer.status)) return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
    } catch {
      // no network
    }
    failed();
    await new Promise((resume) => {
      setTimeout(resume, wait * 1000);
      window.addEventListener("online", resume, { once: true });
    });
  }
}

// The same list for everyone: a key of one's own would tag a pupil. Its address holds its digest, which all can compare.
async function fetchKeys() {
  const { body } = await insist(keys, { credentials: "omit" });
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  if (base64(digest) !== base64(fromHex(keys.split("/").at(-1)))) halt("changed");
  const told = JSON.parse(new TextDecoder().decode(body));
  const ours = told.cohorts.find((one) => one.id === cohort);
  const expected = told.v === 2 && told.campaign === campaign && told.questionnaire === questionnaire;
  if (!expected || !ours) halt("changed");
  return { seal: bytes(told.seal), n: bytes(ours.n), e: ours.e };
}

// The token of this pupil as it is kept, or a new one, kept before it is sent: two tabs must not ask for two.
async function claim(key) {
  return navigator.locks.request(kept, async () => {
    const found = await read();
    if (found?.mine === mine) return found;
    const mark = new TextEncoder().encode("ent-ballot/1");
    const prepared = join(random(32), mark, uuid(campaign), uuid(cohort), random(32));
    const { blinded, unmask } = await blind(key, prepared).catch(() => halt("changed"));
    const made = { mine, until, prepared: base64(prepared), unmask: base64(unmask), blinded: base64(blinded) };
    await write(made);
    return made;
  });
}

async function sign(key, state) {
  const headers = { ...octets, "X-CSRF-Token": form.elements.csrf_token.value };
  const { status, body } = await insist(token, { method: "POST", headers, body: bytes(state.blinded) });
  if (status === 409 || status === 410) await drop();
  if (status !== 200) halt({ 409: "already", 410: "ended", 423: "begun" }[status] ?? "refused");
  const { prepared, unmask } = state;
  const signature = await finish(key, bytes(prepared), bytes(unmask), body).catch(() => halt("changed"));
  await write({ ...state, signature: base64(signature) });
  return signature;
}

async function open() {
  if (!crypto.subtle) return; // the page says from the start what to do then
  show("preparing");
  const key = await fetchKeys();
  const state = await claim(key);
  const signature = state.signature ? bytes(state.signature) : await sign(key, state);
  await arranged;
  ready = { key, prepared: bytes(state.prepared), signature };
  show("ready");
}

// --- Beginning --------------------------------------------------------------------------------------------------------

// In class nobody begins before the teacher says so. The server is asked once each time the button is pressed, without
// a cookie, in the same words by the whole school, and answers the same. A tab that has begun goes on after a reload.
async function mayBegin() {
  if (where !== "class" || (await read())?.begun) return true;
  const signal = AbortSignal.timeout?.(15_000);
  const bare = { credentials: "omit", cache: "no-store", redirect: "manual", referrerPolicy: "no-referrer" };
  const answer = await fetch(begun, { ...bare, signal });
  if (answer.status === 410) halt("ended");
  if (!answer.ok) throw new Error("no answer");
  if ((await answer.json()).classes[mark] !== 1) return false;
  await write({ ...(await read()), begun: true });
  return true;
}

function note(name) {
  for (const one of document.querySelectorAll("[data-note]")) one.hidden = one.dataset.note !== name;
}

let asking = false;

async function begin() {
  note("");
  if (!(await mayBegin())) return note("gathering");
  form.hidden = false;
  show("answering", true);
}

document.querySelector("[data-begin]").addEventListener("click", async () => {
  if (asking) return;
  asking = true;
  await begin().catch((error) => (error.state ? show(error.state, true) : note("offline")));
  asking = false;
});

// --- Answering and sending --------------------------------------------------------------------------------------------

function answers() {
  const given = new FormData(form);
  const names = [...new Set(given.keys())].filter((name) => name !== "csrf_token");
  // In one line, as the server reads it: without breaks and controls, which take more room in the ballot.
  const said = (name) => given.getAll(name).map((value) => value.replace(/[\s\p{Cc}]+/gu, " ").trim());
  const values = names.map((name) => [name, said(name).filter((value) => value !== "")]);
  return Object.fromEntries(values.filter(([, chosen]) => chosen.length));
}

// Not when somebody leaves fast: then the page is covered already, and nothing may hold it back.
function warn(event) {
  if (!document.querySelector(".left-already")) event.preventDefault();
}

async function send({ key, prepared, signature }, said) {
  const body = join(prepared, signature, await seal(key.seal, uuid(campaign), uuid(cohort), prepared, said));
  const ballot = { method: "POST", credentials: "omit", cache: "no-store", headers: octets, body };
  const arrived = (status) => [204, 409, 410].includes(status);
  window.addEventListener("beforeunload", warn);
  const { status } = await insist(pool, ballot, arrived, () => show("waiting"));
  window.removeEventListener("beforeunload", warn);
  form.remove(); // and the answers with it
  await drop().catch(() => {}); // a token that was used is worth nothing
  history.replaceState(history.state, "", after);
  show(status === 410 ? "ended" : "sent", true);
  document.querySelector("[data-afterwards]").hidden = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!ready) return; // a second click
  const said = event.submitter?.hasAttribute("data-blank") ? {} : answers();
  form.hidden = true;
  show("sending", true);
  send(ready, said).catch(() => show("unable"));
  ready = null;
});

open().catch((error) => show(error.state ?? "unable"));
forgetOld().catch(() => {}); // at the next visit
