/* What does the officer do next? One main button that follows the state; the rest at hand. */

import {
  askAboutIncident,
  askToBreak,
  askToCancel,
  askToClose,
  askWhomToCall,
  askWhyToCall,
  askWhyToCallBack,
} from "./desk/dialogs.js";
import { outcome } from "./desk/delivered.js";
import { draw, showAge, tick } from "./desk/draw.js";
import { drawIncidents } from "./desk/incidents.js";
import { Keys, listenToKeys, offerKeys, showKeys } from "./desk/keys.js";
import { Offer } from "./desk/offer.js";
import { Orders } from "./desk/orders.js";
import { part, say, tellAloud } from "./desk/part.js";
import { askForMore, askForRight, askWhoCame } from "./desk/services.js";
import { followCall } from "./desk/shown.js";
import { askToTransfer } from "./desk/transfer.js";
import { canUndo, tickUndo } from "./desk/undo.js";
import { LiveBoard } from "./live.js";

const LOOK_AROUND = 10_000;
const LOOK_AGAIN = 15_000;

const root = document.documentElement;
const about = JSON.parse(part.about.textContent);
const api = `/api/v1/halls/${root.dataset.hall}`;
const live = new LiveBoard(root.dataset.hall);
const keys = new Keys(about.officer);
const desk = { ...about, live, keys, isElsewhere: false, isLeaving: false };
const orders = new Orders(desk, { refresh, onAnswer: tell, onEnd: end });
const offer = new Offer(desk, { call: pressMain, isAway });

// --- Pressing ------------------------------------------------------------------------------------

/** Each verb: what it asks first, if anything. A `null` means that the officer thought better. */
const FIRST_ASK = {
  "transfer": askToTransfer,
  "break": askToBreak,
  "close": askToClose,
  "finish": outcome,
  "cancel": askToCancel,
  "change-service": askForRight,
  "add-service": askForMore,
  "walk-in": askWhoCame,
  "call": askWhomToCall,
};
const OF_THE_TICKET = new Set(["cancel", "change-service"]);
const MAIN = {
  "open": ["open", () => ({})],
  "call-next": ["call-next", () => ({})],
  "start": ["start", () => ({})],
  "finish-next": ["call-next", () => ({ finish_current: true, ...outcome(desk) })],
};

/* A press during an order waits for it, and counts only if it still means what it said. */

async function press(verb, button) {
  await orders.whenIdle();
  if (button?.disabled) return;
  const { current } = desk.state;
  const body = await (FIRST_ASK[verb]?.(desk) ?? {});
  if (!body) return;
  await orders.whenIdle();
  if (desk.state.current?.id !== current?.id) return sayThatItChanged();
  const path = OF_THE_TICKET.has(verb) ? `tickets/${current.id}` : `counters/${desk.counter}`;
  await orders.give(`${api}/${path}/${verb}`, body, button, verb);
}

async function pressMain() {
  const { mode } = part["main-action"].dataset;
  await orders.whenIdle();
  if (mode !== part["main-action"].dataset.mode) return;
  const [verb, body] = MAIN[mode];
  await orders.give(`${api}/counters/${desk.counter}/${verb}`, body(), part["main-action"], verb);
}

/** A line of a list: its ticket goes back in line, or is called by this counter for a reason. */
const OF_A_LINE = { "call": askWhyToCall, "call-back": askWhyToCallBack };

async function pressLine(button) {
  const { verb } = button.dataset;
  const { id, label } = button.closest("li").dataset;
  await orders.whenIdle();
  if (button.disabled || !button.isConnected) return; // the ticket is no longer in that list
  if (!OF_A_LINE[verb]) return orders.give(`${api}/tickets/${id}/${verb}`, {}, button, verb);
  const body = await OF_A_LINE[verb]({ id, label });
  if (!body) return;
  await orders.whenIdle();
  if (button.disabled || !button.isConnected) return sayThatItChanged();
  await orders.give(`${api}/counters/${desk.counter}/${verb}`, body, button, verb);
}

async function pressIncident({ dataset }) {
  part.menu.open = false;
  const queue = desk.state.queues.find(({ code }) => code === dataset.queue);
  if (!(await askAboutIncident(queue))) return;
  const verb = queue.incident_since ? "clear" : "incident";
  await orders.whenIdle();
  await orders.give(`${api}/queues/${queue.code}/${verb}`, {}, null, verb);
}

function sayThatItChanged() {
  say(gettext("Keadaan loket sudah berubah. Tidak ada yang dikirim; periksa lagi, lalu tekan."), "warn");
}

// --- Hearing -------------------------------------------------------------------------------------

const CALLS = new Set(["call-next", "recall", "call", "call-back"]);

function tell(verb, { ticket, added }) {
  say("");
  const label = ticket?.label;
  if (CALLS.has(verb) && label) {
    return tellAloud(interpolate(gettext("Nomor %s dipanggil ke loket %s."), [label, desk.counter]));
  }
  if (verb === "call-next") return sayAndTell(gettext("Belum ada yang menunggu."));
  if (verb === "undo") return sayAndTell(interpolate(gettext("Diurungkan. Nomor %s kembali di loket ini."), [label]));
  if (verb === "walk-in") return tellAloud(interpolate(gettext("Nomor %s dilayani di loket ini."), [label]));
  if (verb === "add-service" && added && added.id !== ticket.id) {
    sayAndTell(interpolate(gettext("Orang ini juga mendapat nomor %s."), [added.label]));
  }
}

function sayAndTell(words) {
  say(words);
  tellAloud(words);
}

/** The page itself leads to the sign-in. Asked once: a second reload would cut the first short. */
function end({ status, message }) {
  if (status !== 401) return sitElsewhere(message);
  if (!desk.isLeaving) location.reload();
  desk.isLeaving = true;
}

/** The officer works in another browser: nothing here can be pressed, but to come back. */
function sitElsewhere(words) {
  if (desk.isElsewhere) return;
  desk.isElsewhere = true;
  for (const each of document.querySelectorAll("dialog[open]")) each.close();
  part["seat-text"].textContent = words;
  part["seat-dialog"].showModal();
}

/** Whether this page must not press by itself: nobody would see it coming. */
function isAway() {
  return orders.isBusy || document.hidden || document.querySelector("dialog[open]") !== null;
}

// --- Knowing -------------------------------------------------------------------------------------

let asking = null;
let isOutdated = false;
let askedAt = performance.now();

/** Fetch the state; a change during the fetch is fetched after it, before anybody goes on. */
function refresh() {
  isOutdated = true;
  asking ??= ask();
  return asking;
}

async function ask() {
  while (isOutdated && !desk.isElsewhere) {
    isOutdated = false;
    askedAt = performance.now();
    await fetchState();
  }
  asking = null;
}

async function fetchState() {
  try {
    const response = await fetch(`${location.pathname}/state.json?seat=${desk.seat}`, { cache: "no-store" });
    if (response.ok) return show(await response.json());
    const isOver = response.status === 401 || response.status === 409;
    if (isOver) end({ status: response.status, ...(await response.json()) });
  } catch {
    // The badge tells when the link is cut, and the next board brings us back here.
  }
  askedAt = -Infinity; // what could not be read is asked for at the next look
}

function show(state) {
  desk.state = state;
  draw(desk);
  drawIncidents(state);
  followCall(state, refresh);
  passTime();
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

/** In a quiet hall no board comes; that the officer sat down elsewhere is still learnt soon. */
function lookAgain() {
  if (performance.now() - askedAt > LOOK_AGAIN && live.isConnected) refresh();
}

function passTime() {
  tick(desk);
  tickUndo(desk);
  offer.tick();
}

// --- Wiring --------------------------------------------------------------------------------------

const ACTS = { "call-next": "main", "start": "main", "help": "help" };
const MODES = { "call-next": ["call-next", "finish-next"], "start": ["start"] };

/** A key pressed during an order waits for it, and then means what the button says by then. */
async function fulfil(wish) {
  if (ACTS[wish] === "help") return showKeys();
  await orders.whenIdle();
  if (ACTS[wish] === "main") return MODES[wish].includes(part["main-action"].dataset.mode) && pressMain();
  if (wish === "undo") return canUndo() && press("undo", part.undo);
  return press(wish, document.querySelector(`.actions [data-verb="${wish}"]`));
}

/* The label changes under the finger: the second click of two, and a held Enter, mean nothing. */
part["main-action"].addEventListener("click", ({ detail }) => detail > 1 || pressMain());
part["main-action"].addEventListener("keydown", (event) => event.repeat && event.preventDefault());
for (const button of document.querySelectorAll(".actions [data-verb], #undo")) {
  button.addEventListener("click", ({ detail }) => {
    part.more.open = false;
    if (detail <= 1) press(button.dataset.verb, button);
  });
}
for (const verb of ["open", "break", "close"]) {
  part[verb].addEventListener("click", () => {
    part.menu.open = false;
    press(verb);
  });
}
for (const list of [part.next, part.held, part["no-shows"], part.history]) {
  list.addEventListener("click", ({ target, detail }) => {
    const button = target.closest("button");
    if (button && detail <= 1) pressLine(button);
  });
}
part.incidents.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button) pressIncident(button);
});
part.help.addEventListener("click", showKeys);
part["seat-dialog"].addEventListener("cancel", (event) => event.preventDefault());
part["seat-dialog"].addEventListener("close", () => part["seat-dialog"].showModal());
part["seat-back"].addEventListener("click", () => location.reload());
for (const menu of [part.menu, part.more]) {
  document.addEventListener("click", ({ target }) => {
    if (!menu.contains(target)) menu.open = false;
  });
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
listenToKeys(keys, fulfil);
offerKeys(keys);
keys.addEventListener("change", () => draw(desk));

live.addEventListener("board", onBoard);
live.addEventListener("stale", () => showAge(live));
live.addEventListener("fresh", () => showAge(live));
live.addEventListener("turned-away", () => end({ status: 401 }));
setInterval(passTime, 1000);
setInterval(lookAgain, 5000);

seen = mine(about.board);
live.take(about.board);
live.start();
show(about.state);
