/* What does the officer do next? One main button that follows the state; the rest at hand. */

import { askToBreak, askToCancel, askToClose, askToTransfer } from "./desk/dialogs.js";
import { draw, part, say, showAge, tick } from "./desk/draw.js";
import { listenToKeys, showKeys } from "./desk/keys.js";
import { LiveBoard } from "./live.js";
import { newKey, send } from "./post.js";

const LOOK_AROUND = 10_000;

const root = document.documentElement;
const about = JSON.parse(part.about.textContent);
const api = `/api/v1/halls/${root.dataset.hall}`;
const live = new LiveBoard(root.dataset.hall);
const desk = { ...about, live, isBusy: false, order: Promise.resolve() };

// --- Pressing ------------------------------------------------------------------------------------

/** Each verb: what it asks first, if anything. A `null` means that the officer thought better. */
const FIRST_ASK = {
  transfer: () => askToTransfer(desk),
  break: () => askToBreak(desk),
  close: () => askToClose(desk),
};
const MAIN = {
  "open": ["open", {}],
  "call-next": ["call-next", {}],
  "start": ["start", {}],
  "finish-next": ["call-next", { finish_current: true }],
};

/* A press during an order waits for it, and counts only if it still means what it said. */

async function press(verb, button) {
  await whenIdle();
  if (button?.disabled) return;
  const body = await (FIRST_ASK[verb]?.() ?? {});
  if (body) await order(`${api}/counters/${desk.counter}/${verb}`, body, button, verb);
}

async function pressMain() {
  const { mode } = part["main-action"].dataset;
  await whenIdle();
  if (mode !== part["main-action"].dataset.mode) return;
  const [verb, body] = MAIN[mode];
  await order(`${api}/counters/${desk.counter}/${verb}`, body, part["main-action"], verb);
}

async function pressTicket(id, verb, button) {
  await whenIdle();
  if (button.disabled || !button.isConnected) return; // the ticket is no longer in that list
  if (verb === "cancel" && !(await askToCancel(desk))) return;
  await order(`${api}/tickets/${id}/${verb}`, {}, button, verb);
}

/** One order at a time: the counter holds one ticket, so a second press could only be a mistake. */
function order(...what) {
  if (!desk.isBusy) desk.order = carryOut(...what);
  return desk.order;
}

async function whenIdle() {
  while (desk.isBusy) await desk.order;
}

async function carryOut(url, body, button, verb) {
  setBusy(true, button);
  say("");
  try {
    const answer = await send(url, body, { key: newKey(), onRetry: () => say(gettext("Mencoba lagi…")) });
    tell(verb, answer);
  } catch (refusal) {
    say(refusal.message, "danger");
    if (refusal.status === 401) return signInAgain();
  }
  await refresh();
  setBusy(false, button);
  keepFocus();
}

/** The page itself leads to the sign-in. Asked once: a second reload would cut the first short. */
function signInAgain() {
  if (!desk.isLeaving) location.reload();
  desk.isLeaving = true;
}

function setBusy(isBusy, button) {
  desk.isBusy = isBusy;
  root.toggleAttribute("data-busy", isBusy);
  button?.setAttribute("aria-busy", String(isBusy));
  for (const each of document.querySelectorAll("#main-action, .actions button, .list button")) {
    each.setAttribute("aria-disabled", String(isBusy));
  }
}

function tell(verb, { ticket }) {
  say("");
  if (verb !== "call-next" && verb !== "recall") return;
  const words = ticket
    ? interpolate(gettext("Nomor %s dipanggil ke loket %s."), [ticket.label, desk.counter])
    : gettext("Belum ada yang menunggu.");
  part.told.textContent = words;
  if (!ticket) say(words);
}

/** A button that can no longer be pressed must not take the keyboard with it. */
function keepFocus() {
  const { activeElement } = document;
  if (activeElement === document.body || activeElement?.disabled) part["main-action"].focus();
}

// --- Knowing -------------------------------------------------------------------------------------

let asking = null;
let isOutdated = false;

/** Fetch the state; a change during the fetch is fetched after it, before anybody goes on. */
function refresh() {
  isOutdated = true;
  asking ??= ask();
  return asking;
}

async function ask() {
  while (isOutdated) {
    isOutdated = false;
    await fetchState();
  }
  asking = null;
}

async function fetchState() {
  try {
    const response = await fetch(`${location.pathname}/state.json`, { cache: "no-store" });
    if (response.status === 401) signInAgain();
    if (response.ok) show(await response.json());
  } catch {
    // The badge tells when the link is cut, and the next board brings us back here.
  }
}

function show(state) {
  desk.state = state;
  draw(desk);
  tick(desk);
}

/** What this desk sees of a board: its own queues, and the counters of its agency. */
function mine(board) {
  const queues = new Set(desk.state.queues.map((queue) => queue.code));
  return JSON.stringify([
    board.epoch,
    board.date,
    board.queues.filter(({ code }) => queues.has(code)),
    board.counters.filter(({ agency }) => agency === desk.agency),
  ]);
}

let seen = null;
let lookingAround = null;

function onBoard() {
  const now = mine(live.board);
  const isNews = now !== seen;
  seen = now;
  if (live.isRemembered) return;
  if (isNews) refresh();
  else lookingAround ??= setTimeout(lookAround, LOOK_AROUND);
}

/** What happens elsewhere may free somebody of our line: look, but not at every press of the hall. */
function lookAround() {
  lookingAround = null;
  refresh();
}

// --- Wiring --------------------------------------------------------------------------------------

/* The label changes under the finger: the second click of two, and a held Enter, mean nothing. */
part["main-action"].addEventListener("click", ({ detail }) => detail > 1 || pressMain());
part["main-action"].addEventListener("keydown", (event) => event.repeat && event.preventDefault());
for (const button of document.querySelectorAll(".actions button")) {
  const { verb } = button.dataset;
  const act = verb === "cancel" ? () => pressTicket(desk.state.current.id, verb, button) : () => press(verb, button);
  button.addEventListener("click", ({ detail }) => detail > 1 || act());
}
for (const verb of ["open", "break", "close"]) {
  part[verb].addEventListener("click", () => {
    part.menu.open = false;
    press(verb);
  });
}
for (const list of [part.held, part["no-shows"]]) {
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) pressTicket(button.dataset.id, button.dataset.verb, button);
  });
}
part.help.addEventListener("click", showKeys);
document.addEventListener("click", ({ target }) => {
  if (!part.menu.contains(target)) part.menu.open = false;
});
part.menu.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  part.menu.open = false;
  part.menu.querySelector("summary").focus();
});
listenToKeys({ whenIdle, pressMain, press });

live.addEventListener("board", onBoard);
live.addEventListener("stale", () => showAge(live));
live.addEventListener("fresh", () => showAge(live));
live.addEventListener("turned-away", signInAgain);
setInterval(() => tick(desk), 1000);

seen = mine(about.board);
live.take(about.board);
live.start();
show(about.state);
