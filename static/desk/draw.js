/* How does the state of a counter look? */

import { clockTime, zoneOf } from "../clock.js";
import { drawDelivered } from "./delivered.js";
import { drawLists, tickLists } from "./lists.js";
import { part } from "./part.js";
import { placesFor } from "./transfer.js";
import { minutes, stopwatch } from "./words.js";

const NEAR = 0.8;

/** Draw everything that changes with the state; `tick` draws what changes with the time. */
export function draw(desk) {
  const { state } = desk;
  drawStatus(state);
  drawCurrent(state.current);
  drawDelivered(state.current);
  drawIdle(state);
  drawMain(modeOf(state), desk.keys);
  drawActions(desk);
  drawLists(state);
  const here = interpolate(gettext("Loket %s"), [desk.counter]);
  document.title = state.current ? `${state.current.label} – ${here}` : here;
}

export function modeOf({ counter, current }) {
  if (current) return current.state === "serving" ? "finish-next" : "start";
  return counter.status === "open" ? "call-next" : "open";
}

/** What the counter is for its buttons: the state of whoever is here, or its own. */
export const standing = ({ counter, current }) => current?.state ?? counter.status;

// --- The counter ---------------------------------------------------------------------------------

const STATUS = { open: "good", break: "warn", closed: "danger" };

function drawStatus({ counter, current, at }) {
  const { status, reason, until } = counter;
  const words = { open: gettext("Buka"), break: reason || gettext("Istirahat"), closed: gettext("Tutup") };
  const back = until && interpolate(gettext("kembali %s"), [clockTime(zoneOf(at), new Date(until))]);
  part.status.textContent = status === "break" && back ? `${words.break}, ${back}` : words[status];
  part.status.className = `tag ${STATUS[status]}`;
  part.open.disabled = status === "open";
  part.break.disabled = status === "break" || Boolean(current);
  part.close.disabled = status === "closed" || Boolean(current);
}

function drawIdle({ counter, current, queues }) {
  part.idle.hidden = Boolean(current);
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const people = ngettext("%s orang menunggu", "%s orang menunggu", waiting);
  part["idle-title"].textContent = {
    open: waiting ? interpolate(people, [waiting]) : gettext("Tidak ada yang menunggu"),
    break: gettext("Loket sedang istirahat"),
    closed: gettext("Loket tutup"),
  }[counter.status];
  part["idle-hint"].textContent = counter.status === "open"
    ? gettext("Loket siap. Nomor yang Anda panggil tampil di sini.")
    : gettext("Buka loket untuk memanggil nomor.");
}

// --- Whoever is here -----------------------------------------------------------------------------

function drawCurrent(current) {
  part.current.hidden = !current;
  part.now.dataset.state = current?.state ?? "idle";
  if (!current) return;
  part.state.textContent = current.state_name;
  part.label.textContent = current.label;
  part.priority.textContent = interpolate(gettext("Prioritas: %s"), [current.priority]);
  part.priority.hidden = !current.priority;
  part["wanted-help"].textContent = interpolate(gettext("Butuh bantuan: %s"), [current.help]);
  part["wanted-help"].hidden = !current.help;
  const services = current.services.length ? current.services : [current.agency];
  part.services.replaceChildren(...services.map((name) => aService(name)));
  part.note.textContent = interpolate(gettext("Catatan: %s"), [current.note]);
  part.note.hidden = !current.note;
  part.others.replaceChildren(...current.others.map(another));
  part["others-part"].hidden = !current.others.length;
}

function aService(name) {
  const item = document.createElement("li");
  item.textContent = name;
  return item;
}

function another(ticket) {
  const made = part["others-row"].content.firstElementChild.cloneNode(true);
  for (const slot of made.querySelectorAll("[data-slot]")) slot.textContent = ticket[slot.dataset.slot];
  return made;
}

const MAIN = {
  "open": () => [gettext("Buka loket"), "", "open"],
  "call-next": () => [gettext("Panggil berikutnya"), "call-next", "call-next"],
  "start": () => [gettext("Hadir, mulai layani"), "start", "start"],
  "finish-next": () => [gettext("Selesai & panggil berikutnya"), "call-next", "call-next"],
};

function drawMain(mode, keys) {
  const button = part["main-action"];
  const [label, wish, testId] = MAIN[mode]();
  const key = keys.nameOf(wish);
  if (button.dataset.mode === mode && button.dataset.key === key) return;
  Object.assign(button.dataset, { mode, key, testid: testId });
  const hint = document.createElement("kbd");
  hint.textContent = key;
  button.replaceChildren(label, ...(key ? [" ", hint] : []));
  if (key) button.setAttribute("aria-keyshortcuts", key);
  else button.removeAttribute("aria-keyshortcuts");
}

const POSSIBLE = {
  "finish": ["serving"],
  "recall": ["called"],
  "no-show": ["called"],
  "transfer": ["serving", "called"],
  "hold": ["serving"],
  "cancel": ["called"],
  "change-service": ["called", "serving"],
  "add-service": ["called", "serving"],
  "walk-in": ["open"],
  "call": ["open"],
};

function drawActions(desk) {
  const { state } = desk;
  for (const button of document.querySelectorAll(".actions [data-verb]")) {
    button.disabled = !POSSIBLE[button.dataset.verb].includes(standing(state));
  }
  const transfer = document.querySelector("[data-verb=transfer]");
  if (state.current?.state === "called") transfer.disabled = !placesFor(desk).length;
}

// --- What changes with the time ------------------------------------------------------------------

export function tick({ state, live }) {
  const now = live.now();
  tickLists(now);
  countDown("recall", state.current?.recall_from, now, state.current);
  countDown("no-show", state.current?.no_show_from, now, state.current);
  drawFacts(state.current, now);
  drawTimer(state.current, now);
}

function countDown(verb, from, now, current) {
  const button = document.querySelector(`.actions [data-verb="${verb}"]`);
  const isUsedUp = current?.state === "called" && !from;
  const seconds = from ? Math.ceil((new Date(from) - now) / 1000) : 0;
  const mustWait = current?.state === "called" && seconds > 0;
  const wait = button.querySelector(".wait");
  wait.textContent = mustWait ? interpolate(gettext("%s dtk"), [seconds]) : "";
  if (current?.state === "called") button.disabled = mustWait || isUsedUp;
}

function drawFacts(current, now) {
  if (!current) return;
  const until = current.called_at ? new Date(current.called_at) : now;
  const waited = interpolate(gettext("Menunggu %s"), [minutes(until - new Date(current.issued_at))]);
  const calls = interpolate(gettext("panggilan ke-%s"), [current.calls]);
  const since = interpolate(gettext("dipanggil %s lalu"), [stopwatch(now - until)]);
  part.facts.textContent = current.state === "called" ? `${waited} · ${calls}, ${since}` : waited;
}

function drawTimer(current, now) {
  const isServing = current?.state === "serving";
  part.timer.hidden = !isServing;
  if (!isServing) return;
  const elapsed = Math.max(0, now - new Date(current.started_at));
  const target = current.target_minutes;
  const share = target ? elapsed / (target * 60_000) : 0;
  part.timer.dataset.level = share >= 1 ? "over" : share >= NEAR ? "near" : "normal";
  part["timer-time"].textContent = stopwatch(elapsed);
  part["timer-word"].textContent = target ? timerWord(share, target) : gettext("sedang dilayani");
  part["timer-bar"].style.setProperty("--share", Math.min(1, share));
}

function timerWord(share, target) {
  if (share >= 1) return interpolate(gettext("lewat batas %s menit"), [target]);
  if (share >= NEAR) return interpolate(gettext("mendekati batas %s menit"), [target]);
  return interpolate(gettext("dari %s menit"), [target]);
}

// --- Words ---------------------------------------------------------------------------------------

export function showAge(live) {
  part.stale.hidden = part.outage.hidden = !live.isStale;
  document.documentElement.toggleAttribute("data-stale", live.isStale);
  const age = Math.round(live.age ?? 0);
  part["stale-age"].textContent = live.isStale ? interpolate(gettext("(%s dtk)"), [age]) : "";
}
