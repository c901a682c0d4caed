/* What does the lobby see? The latest call very large, who was called before, and who serves whom. */

import { clockTime, longDate, zoneName, zoneOf } from "./clock.js";
import { Care } from "./display/care.js";
import { Check } from "./display/check.js";
import { Media } from "./display/media.js";
import { Pages } from "./display/pages.js";
import { Reports } from "./display/reports.js";
import { arrange, drift, fit, nameTheHall } from "./display/room.js";
import { Stage, distinct } from "./display/stage.js";
import { Ticker } from "./display/ticker.js";
import { incident, shortDate } from "./display/words.js";
import { rangeOf } from "./estimate.js";
import { LiveBoard } from "./live.js";
import { startWithoutServer } from "./offline.js";
import { News } from "./voice/news.js";
import { Speaker } from "./voice/speaker.js";

const root = document.documentElement;
const part = Object.fromEntries([...document.querySelectorAll("[id]")].map((each) => [each.id, each]));
const screen = JSON.parse(part.about.textContent);
const agencies = new Map(screen.agencies.map((agency) => [agency.code, agency]));

const ROWS_BESIDE_MEDIA = 3;

const live = new LiveBoard(root.dataset.hall);
const stage = new Stage();
arrange(screen);
const isOne = Boolean(screen.counter);
const counters = !isOne && new Pages(part.counters, part["counters-page"], counterTile);
const queues = !isOne && new Pages(part.queues, part["queues-page"], queueTile);
const ticker = !isOne && new Ticker(part.ticker, part["ticker-text"], part["ticker-pause"], screen.messages);

// --- Which part of the hall ----------------------------------------------------------------------

const isMine = ({ agency }) => agencies.has(agency);

function myCalls(board) {
  const agencyAt = new Map(board.counters.map(({ number, agency }) => [number, agency]));
  const calls = board.calls.map((call) => ({ ...call, agency: agencyAt.get(call.counter) }));
  return calls.filter((call) => isMine(call) && (!isOne || call.counter === screen.counter));
}

let isPast = false;
let atCounter = "";

/** A screen without its server that remembers another day knows nothing of today: not even "closed". */
const isUnknown = () => live.isOfAnotherDay && (live.isRemembered || live.isStale);

// --- Drawing -------------------------------------------------------------------------------------

function draw() {
  isPast = live.isOfAnotherDay;
  const board = isPast ? { ...live.board, calls: [], counters: [], queues: [] } : live.board;
  const calls = myCalls(board);
  stage.take(board.epoch, calls, live.now().getTime());
  if (isOne) drawCounter(board);
  else drawHall(board, calls);
  tick();
}

function drawHall(board, calls) {
  drawRecent(distinct(calls));
  const mine = board.queues.filter(isMine);
  counters.show(board.counters.filter((each) => isMine(each) && each.status !== "closed"));
  root.toggleAttribute("data-ranged", mine.some((queue) => rangeOf(queue.estimate)));
  queues.show(mine.filter((each) => each.waiting || each.status === "paused"));
  part["counters-none"].hidden = counters.items.length > 0;
  part["queues-none"].hidden = queues.items.length > 0;
  ticker.tell(mine.filter(({ status }) => status === "paused").map((queue) => incident(queue, agencyName(queue))));
}

/** Above a counter: its own number stays as long as its person is called or served. */
function drawCounter(board) {
  const { status, ticket } = board.counters.find(({ number }) => number === screen.counter) ?? {};
  atCounter = ticket?.label ?? "";
  say(part["counter-state"], status === "closed" ? gettext("Tutup") : counterWord(status));
}

/** Once a second, and whenever something came: the clock, the large call, and what we may believe. */
function tick() {
  if (live.isOfAnotherDay !== isPast) draw();
  const now = live.now();
  const zone = zoneOf(live.board.at);
  part.time.textContent = clockTime(zone, now);
  part["time-zone"].textContent = zoneName(zone);
  part.date.textContent = root.hasAttribute("data-roomy") ? longDate(zone, now, root.lang) : shortDate(zone, now, root.lang);
  const isClosed = live.isOfAnotherDay || isAllQuiet(live.board);
  root.toggleAttribute("data-unknown", isUnknown());
  part.unknown.hidden = !isUnknown();
  part.closed.hidden = !isClosed || isUnknown();
  if (isUnknown()) drawUnknown(zone);
  drawCall(isClosed ? { call: null } : callNow(), isClosed);
  check.tick(isAtRest());
}

/** Above one counter a call is over when its person has gone. */
function callNow() {
  const shown = stage.at(performance.now());
  const isGone = isOne && shown.call && shown.call.label !== atCounter && !shown.isRaised;
  return isGone ? { call: null } : shown;
}

const isAtRest = () => !stage.waiting.length && !root.hasAttribute("data-raised") && !speaker?.isSpeaking;

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
  part.call.hidden = !call || check.isShown;
  part.welcome.hidden = Boolean(call) || isClosed || check.isShown;
  root.toggleAttribute("data-raised", Boolean(call && isRaised));
  if (!call) return;
  say(part["call-word"], wordFor(call, isRaised));
  if (say(part["call-label"], call.label)) fit(part["call-label"]);
  say(part["call-counter"], counterName(call.counter));
  say(part["call-agency"], agencyName(call));
  if (!isOne) markRecent(call);
}

function wordFor(call, isRaised) {
  if (call.calls > 1) return interpolate(gettext("Panggilan ke-%s"), [call.calls]);
  return isRaised ? gettext("Silakan menuju loket") : gettext("Panggilan terakhir");
}

/** Write only what changed: a screen reader hears a live region once for each call. */
function say(element, text) {
  const isNews = element.textContent !== text;
  if (isNews) element.textContent = text;
  return isNews;
}

function drawRecent(calls) {
  const rows = [...part.recent.children];
  rows.forEach((row, i) => drawRow(row, i < rowsThatFit() ? calls[i] : null));
  part["recent-none"].hidden = calls.length > 0;
  part["recent-none"].parentElement.toggleAttribute("data-empty", !calls.length);
}

function drawRow(row, call) {
  row.hidden = !call;
  if (!call) return;
  row.dataset.version = call.version;
  row.querySelector(".row-label").textContent = call.label;
  row.querySelector(".row-label").dataset.length = Math.min(call.label.length, 8);
  row.querySelector("b").textContent = call.counter;
  row.querySelector(".row-agency").textContent = agencyName(call);
}

function markRecent(call) {
  for (const row of part.recent.children) {
    row.toggleAttribute("data-now", row.dataset.version === String(call.version));
  }
}

/** How many rows there are is the stylesheet's knowledge; pictures leave three of them. */
const rowsThatFit = () => Number(getComputedStyle(part.recent).getPropertyValue("--rows"));

function counterTile({ number, status, ticket }) {
  const tile = clone(part["counter-tile"]);
  tile.querySelector(".tile-name").textContent = counterName(number);
  tile.querySelector(".tile-now").textContent = ticket?.label ?? counterWord(status);
  tile.querySelector(".tile-now").dataset.length = ticket?.label.length ?? 0;
  tile.dataset.state = ticket?.state ?? status;
  return tile;
}

function queueTile(queue) {
  const tile = clone(part["queue-tile"]);
  const isPaused = queue.status === "paused";
  tile.dataset.state = queue.status;
  tile.querySelector(".chip-code").textContent = queue.code;
  tile.querySelector(".chip-name").textContent = agencyName(queue);
  tile.querySelector(".chip-range").textContent = isPaused ? "" : rangeOf(queue.estimate);
  tile.querySelector(".chip-waiting").textContent = isPaused ? pausedWord(queue) : queue.waiting;
  return tile;
}

const clone = (template) => template.content.firstElementChild.cloneNode(true);
const counterName = (number) => interpolate(gettext("Loket %s"), [number]);
const counterWord = (status) => (status === "break" ? gettext("Istirahat") : gettext("Siap"));
const pausedWord = ({ incident_since: since }) => (since ? gettext("gangguan") : gettext("dijeda"));
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

const reports = new Reports(root.dataset.hall, { isPaired: screen.is_paired });

function report() {
  if (live.isRemembered) return;
  const { epoch, version } = live.board;
  reports.tell({ epoch, version, sound: speaker?.state ?? "", missing: [...missing].slice(0, 20) });
}

const check = new Check(part.check, speaker);
const care = new Care(root.dataset.hall, screen.device, {
  sound: () => speaker?.state ?? "",
  isAtRest: () => isAtRest() && !check.isShown,
  isClosed: () => live.isOfAnotherDay || isAllQuiet(live.board),
});
care.addEventListener("check", ({ detail }) => check.want(detail.at));
care.addEventListener("turned-away", () => location.reload());
check.addEventListener("done", ({ detail }) => care.checked(detail.at, detail.outcome));
speaker?.addEventListener("spoke", ({ detail }) => reports.spoke(detail.call));
speaker?.addEventListener("spoke", report);

/** A lock is lost whenever the page is hidden, and sometimes for reasons of the machine. */
async function stayAwake() {
  if (document.visibilityState !== "visible") return;
  const lock = await navigator.wakeLock?.request("screen").catch(() => null);
  lock?.addEventListener("release", stayAwake, { once: true });
}

live.addEventListener("board", draw);
live.addEventListener("board", report);
live.addEventListener("board", speakNews);
live.addEventListener("another-day", draw);
live.addEventListener("stale", showStale);
live.addEventListener("fresh", showStale);
live.addEventListener("turned-away", () => location.reload());
document.addEventListener("visibilitychange", stayAwake);
addEventListener("resize", () => fit(part["call-label"]));
addEventListener("resize", nameTheHall);
setInterval(tick, 500);

if (!isOne && rowsThatFit() > ROWS_BESIDE_MEDIA + 1) new Media(part.media, screen.media).start();
live.start(screen.board);
nameTheHall();
if (speaker) startSpeaking();
if (screen.is_paired) care.start();
stayAwake();
drift();
startWithoutServer();
