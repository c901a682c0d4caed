/* What does the lobby see? The latest call very large, who was called before, and who serves whom. */

import { clockTime, longDate, zoneName, zoneOf } from "./clock.js";
import { Pages } from "./display/pages.js";
import { Stage, distinct } from "./display/stage.js";
import { LiveBoard } from "./live.js";
import { startWithoutServer } from "./offline.js";
import { send } from "./post.js";
import { News } from "./voice/news.js";
import { Speaker } from "./voice/speaker.js";

const root = document.documentElement;
const part = Object.fromEntries([...document.querySelectorAll("[id]")].map((each) => [each.id, each]));
const screen = JSON.parse(part.about.textContent);
const agencies = new Map(screen.agencies.map((agency) => [agency.code, agency]));

const live = new LiveBoard(root.dataset.hall);
const stage = new Stage();
const counters = new Pages(part.counters, part["counters-page"], counterTile);
const queues = new Pages(part.queues, part["queues-page"], queueTile);

// --- Which part of the hall ----------------------------------------------------------------------

const isMine = ({ agency }) => agencies.has(agency);

function myCalls(board) {
  const agencyAt = new Map(board.counters.map(({ number, agency }) => [number, agency]));
  const calls = board.calls.map((call) => ({ ...call, agency: agencyAt.get(call.counter) }));
  return calls.filter(isMine);
}

let isPast = false;

/** A screen without its server that remembers another day knows nothing of today: not even "closed". */
const isUnknown = () => live.isOfAnotherDay && (live.isRemembered || live.isStale);

// --- Drawing -------------------------------------------------------------------------------------

function draw() {
  isPast = live.isOfAnotherDay;
  const board = isPast ? { ...live.board, calls: [], counters: [], queues: [] } : live.board;
  const calls = myCalls(board);
  stage.take(board.epoch, calls, live.now().getTime());
  drawRecent(distinct(calls));
  counters.show(board.counters.filter((each) => isMine(each) && each.status !== "closed"));
  queues.show(board.queues.filter((each) => isMine(each) && (each.waiting || each.status === "paused" || each.incident_since)));
  part["counters-none"].hidden = counters.items.length > 0;
  part["queues-none"].hidden = queues.items.length > 0;
  tick();
}

/** Once a second, and whenever something came: the clock, the large call, and what we may believe. */
function tick() {
  if (live.isOfAnotherDay !== isPast) draw();
  const now = live.now();
  const zone = zoneOf(live.board.at);
  part.time.textContent = clockTime(zone, now);
  part["time-zone"].textContent = zoneName(zone);
  part.date.textContent = longDate(zone, now, root.lang);
  const isClosed = live.isOfAnotherDay || isAllQuiet(live.board);
  root.toggleAttribute("data-unknown", isUnknown());
  part.unknown.hidden = !isUnknown();
  part.closed.hidden = !isClosed || isUnknown();
  if (isUnknown()) drawUnknown(zone);
  drawCall(isClosed ? { call: null } : stage.at(performance.now()), isClosed);
}

function drawUnknown(zone) {
  const heard = live.truthAt;
  const moment = [clockTime(zone, heard), longDate(zone, heard, root.lang)];
  say(part["unknown-since"], interpolate(gettext("Tidak ada sambungan sejak pukul %s, %s."), moment));
}

/** Closed: no more numbers are given out, nobody waits for one, and nobody is served. */
function isAllQuiet({ queues, counters }) {
  const isQuiet = ({ status, waiting }) => status === "closed" && waiting === 0;
  return queues.filter(isMine).every(isQuiet) && !counters.filter(isMine).some(({ ticket }) => ticket);
}

function drawCall({ call, isRaised }, isClosed) {
  part.call.hidden = !call;
  part.welcome.hidden = Boolean(call) || isClosed;
  root.toggleAttribute("data-raised", Boolean(call && isRaised));
  if (!call) return;
  say(part["call-word"], wordFor(call, isRaised));
  say(part["call-label"], call.label);
  say(part["call-counter"], counterName(call.counter));
  say(part["call-agency"], agencyName(call));
  part["call-label"].dataset.length = Math.min(call.label.length, 9);
  markRecent(call);
}

function wordFor(call, isRaised) {
  if (call.calls > 1) return interpolate(gettext("Panggilan ke-%s"), [call.calls]);
  return isRaised ? gettext("Silakan menuju loket") : gettext("Panggilan terakhir");
}

/** Write only what changed: a screen reader hears a live region once for each call. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function drawRecent(calls) {
  const rows = [...part.recent.children];
  rows.forEach((row, i) => drawRow(row, calls[i]));
  part["recent-none"].hidden = calls.length > 0;
}

function drawRow(row, call) {
  row.hidden = !call;
  if (!call) return;
  row.dataset.version = call.version;
  row.querySelector(".row-label").textContent = call.label;
  row.querySelector(".row-counter").textContent = counterName(call.counter);
  row.querySelector(".row-agency").textContent = agencyName(call);
}

function markRecent(call) {
  for (const row of part.recent.children) {
    row.toggleAttribute("data-now", row.dataset.version === String(call.version));
  }
}

function counterTile({ number, agency, status, ticket }) {
  const tile = clone(part["counter-tile"]);
  tile.querySelector(".tile-name").textContent = counterName(number);
  tile.querySelector(".tile-agency").textContent = agencyName({ agency });
  tile.querySelector(".tile-now").textContent = ticket?.label ?? counterWord(status);
  tile.querySelector(".tile-now").dataset.length = ticket?.label.length ?? 0;
  tile.dataset.state = ticket?.state ?? status;
  return tile;
}

function queueTile({ code, agency, waiting, status, incident_since: isDown }) {
  const tile = clone(part["queue-tile"]);
  tile.querySelector(".chip-code").textContent = code;
  tile.querySelector(".chip-name").textContent = agencyName({ agency });
  tile.querySelector(".chip-waiting").textContent = isDown ? gettext("gangguan") : status === "paused" ? gettext("dijeda") : waiting;
  return tile;
}

const clone = (template) => template.content.firstElementChild.cloneNode(true);
const counterName = (number) => interpolate(gettext("Loket %s"), [number]);
const counterWord = (status) => (status === "break" ? gettext("Istirahat") : gettext("Siap"));
const agencyName = ({ agency }) => agencies.get(agency)?.short_name ?? "";

// --- What we may believe -------------------------------------------------------------------------

function showStale() {
  root.toggleAttribute("data-stale", live.isStale);
  part.stale.hidden = !live.isStale;
  if (live.isStale) part["stale-age"].textContent = ageOf(live.age);
}

function ageOf(seconds) {
  if (seconds === null) return "";
  if (seconds < 60) return interpolate(gettext("data %s detik lalu"), [Math.round(seconds)]);
  const minutes = Math.floor(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return interpolate(gettext("data %s menit lalu"), [minutes]);
  if (hours < 24) return interpolate(gettext("data %s jam %s menit lalu"), [hours, rest]);
  return interpolate(gettext("data %s hari %s jam lalu"), [Math.floor(hours / 24), hours % 24]);
}

// --- What it says --------------------------------------------------------------------------------

const news = new News();
const missing = new Set(); // clips that could not be had
const speaker = screen.voice && new Speaker(screen.voice, { now: () => live.now(), isCalled });

/** Only what the hall itself has just told is news; a remembered board is none. */
function speakNews() {
  if (!speaker || live.isRemembered) return;
  if (live.isOfAnotherDay) speaker.clear();
  const calls = news.take(live.board.epoch, myCalls(live.board), live.now());
  for (const call of calls) speaker.say(call);
}

function isCalled({ counter, label }) {
  const { ticket } = live.board.counters.find(({ number }) => number === counter) ?? {};
  return !live.isStale && ticket?.label === label && ticket.state === "called";
}

function drawSound() {
  root.dataset.sound = speaker.state;
  part["sound-blocked"].hidden = speaker.state !== "blocked";
  part["sound-broken"].hidden = speaker.state !== "broken";
  report();
}

function noteMissing({ detail }) {
  const name = `${detail.language} ${detail.name}`;
  console.warn("no clip", name);
  missing.add(name);
  report();
}

function startSpeaking() {
  drawSound();
  speaker.addEventListener("state", drawSound);
  speaker.addEventListener("missing", noteMissing);
  speaker.start();
}

/** Tell the hall what this screen has shown and whether it is heard; nobody here waits for that. */
let isReporting = false;
let reported = null;

async function report() {
  const { epoch, version } = live.board;
  const sound = speaker?.state ?? "";
  const name = `${epoch} ${version} ${sound} ${missing.size}`;
  if (!screen.is_paired || isReporting || live.isRemembered || name === reported) return;
  isReporting = true;
  const url = `/api/v1/halls/${root.dataset.hall}/displays/shown`;
  const body = { epoch, version, sound, missing: [...missing].slice(0, 20) };
  await send(url, body, { patience: 0 }).catch(() => null);
  [isReporting, reported] = [false, name];
  report();
}

async function stayAwake() {
  await navigator.wakeLock?.request("screen").catch(() => null);
}

live.addEventListener("board", draw);
live.addEventListener("board", report);
live.addEventListener("board", speakNews);
live.addEventListener("another-day", draw);
live.addEventListener("stale", showStale);
live.addEventListener("fresh", showStale);
live.addEventListener("turned-away", () => location.reload());
document.addEventListener("visibilitychange", stayAwake);
setInterval(tick, 500);

live.start(screen.board);
if (speaker) startSpeaking();
stayAwake();
startWithoutServer();
