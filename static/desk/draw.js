/* How does the state of a counter look? */

import { clockTime, zoneOf } from "../clock.js";

export const part = Object.fromEntries(
  [...document.querySelectorAll("[id]")].map((each) => [each.id, each]),
);

const NEAR = 0.8;

/** Draw everything that changes with the state; `tick` draws what changes with the time. */
export function draw(desk) {
  const { state } = desk;
  drawStatus(state, desk.live);
  drawCurrent(state.current);
  drawIdle(state);
  drawMain(modeOf(state));
  drawActions(state.current);
  drawLists(state);
  const here = interpolate(gettext("Loket %s"), [desk.counter]);
  document.title = state.current ? `${state.current.label} – ${here}` : here;
}

export function modeOf({ counter, current }) {
  if (current) return current.state === "serving" ? "finish-next" : "start";
  return counter.status === "open" ? "call-next" : "open";
}

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
  const services = current.services.length ? current.services : [current.agency];
  part.services.replaceChildren(...services.map((name) => row("services", {}, name)));
  part.note.textContent = interpolate(gettext("Catatan: %s"), [current.note]);
  part.note.hidden = !current.note;
  part.others.replaceChildren(...current.others.map((other) => row("others", other)));
  part["others-part"].hidden = !current.others.length;
}

const MAIN = {
  "open": () => [gettext("Buka loket"), "", "open"],
  "call-next": () => [gettext("Panggil berikutnya"), "F2", "call-next"],
  "start": () => [gettext("Hadir, mulai layani"), "F8", "start"],
  "finish-next": () => [gettext("Selesai & panggil berikutnya"), "F2", "call-next"],
};

function drawMain(mode) {
  const button = part["main-action"];
  if (button.dataset.mode === mode) return;
  const [label, key, testId] = MAIN[mode]();
  button.dataset.mode = mode;
  button.dataset.testid = testId;
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
  "transfer": ["serving"],
  "hold": ["serving"],
  "cancel": ["called"],
};

function drawActions(current) {
  for (const button of document.querySelectorAll(".actions button")) {
    button.disabled = !POSSIBLE[button.dataset.verb].includes(current?.state);
  }
}

// --- The lists -----------------------------------------------------------------------------------

function drawLists(state) {
  const waiting = state.queues.reduce((sum, queue) => sum + queue.waiting, 0);
  list("next", state.next);
  list("held", state.held);
  list("no-shows", state.no_shows);
  part["waiting-count"].textContent = waiting || "";
  part["held-count"].textContent = state.held.length || "";
  part["no-shows-count"].textContent = state.no_shows.length || "";
  part.queues.textContent = state.queues.map(({ code, waiting: n }) => `${code}: ${n}`).join(", ");
  part.served.textContent = state.served_today;
}

/** A ticket that stays keeps its row: a button taken out under the finger would lose the press. */
function list(name, tickets) {
  const ids = new Set(tickets.map(({ id }) => id));
  for (const each of [...part[name].children]) if (!ids.has(each.dataset.id)) each.remove();
  const rows = new Map([...part[name].children].map((each) => [each.dataset.id, each]));
  tickets.forEach((ticket, place) => {
    const there = part[name].children[place] ?? null;
    const wanted = rows.get(ticket.id) ?? clone(name);
    if (wanted !== there) part[name].insertBefore(wanted, there);
    fill(wanted, ticket);
  });
  part[`${name}-none`].hidden = tickets.length > 0;
}

function row(name, ticket, text) {
  const made = fill(clone(name), ticket);
  if (text) made.textContent = text;
  return made;
}

const clone = (name) => part[`${name}-row`].content.firstElementChild.cloneNode(true);

function fill(made, ticket) {
  made.dataset.id = ticket.id ?? "";
  made.dataset.since = ticket.issued_at ?? "";
  for (const slot of made.querySelectorAll("[data-slot]")) {
    const value = ticket[slot.dataset.slot];
    slot.textContent = Array.isArray(value) ? value.join(", ") || ticket.agency : value ?? "";
    if (slot.dataset.slot === "priority") slot.hidden = !value;
  }
  const button = made.querySelector("button");
  if (button) button.dataset.id = ticket.id;
  button?.setAttribute("aria-label", `${button.textContent} ${ticket.label}`);
  return made;
}

// --- What changes with the time ------------------------------------------------------------------

export function tick({ state, live }) {
  const now = live.now();
  for (const each of part.next.children) {
    each.querySelector("[data-slot=wait]").textContent = minutes(now - new Date(each.dataset.since));
  }
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

function minutes(milliseconds) {
  return interpolate(gettext("%s mnt"), [Math.max(0, Math.floor(milliseconds / 60_000))]);
}

function stopwatch(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

// --- Words ---------------------------------------------------------------------------------------

export function say(words, kind = "") {
  part.message.textContent = words;
  part.message.className = `message notice ${kind}`;
  part.message.hidden = !words;
}

export function showAge(live) {
  part.stale.hidden = !live.isStale;
  document.documentElement.toggleAttribute("data-stale", live.isStale);
  const age = Math.round(live.age ?? 0);
  part["stale-age"].textContent = live.isStale ? interpolate(gettext("(%s dtk)"), [age]) : "";
}
