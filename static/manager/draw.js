/* How do the hall's queues and counters look? */

import { clockTime, zoneName, zoneOf } from "../clock.js";
import { agencies, fill, filled, isMine, keepRows, part, say, time } from "./part.js";

const MINUTE = 60_000;

export function drawSums({ live: { board } }) {
  const [queues, counters] = [board.queues.filter(isMine), board.counters.filter(isMine)];
  say(part["sum-waiting"], queues.reduce((sum, { waiting }) => sum + waiting, 0));
  say(part["sum-serving"], counters.filter(({ ticket }) => ticket?.state === "serving").length);
  say(part["sum-open"], `${counters.filter(({ status }) => status === "open").length}/${counters.length}`);
  say(part["sum-alone"], queues.filter(isAlone).length);
}

export function drawWhen({ live }) {
  const zone = zoneOf(live.board.at);
  say(part.when, interpolate(gettext("Keadaan pukul %s %s"), [clockTime(zone, live.now()), zoneName(zone)]));
}

// --- Queues --------------------------------------------------------------------------------------

const isAlone = ({ waiting, counters_open: open }) => waiting > 0 && open === 0;

export function drawQueues({ live, state }) {
  const queues = live.board.queues.filter(isMine);
  const most = Math.max(1, ...queues.map(({ waiting }) => waiting));
  const rows = keepRows(part.queues, queues.map(({ code }) => code), () => filled("queue-row", {}));
  queues.forEach((queue, i) => drawQueue(rows[i], queue, { state, most, now: live.now() }));
}

function drawQueue(row, queue, { state, most, now }) {
  const { short_name: name } = agencies.get(queue.agency);
  const [word, kind] = stateOf(queue);
  const longest = queue.waiting ? minutesOf(queue.code, state, now) : null;
  fill(row, {
    code: queue.code, name, waiting: queue.waiting, open: queue.counters_open, status: word,
    longest: longest === null ? "–" : interpolate(gettext("%s mnt"), [longest]),
    title: interpolate(gettext("antrean %s"), [queue.code]),
  });
  row.dataset.code = queue.code;
  row.querySelector(".tag").className = `tag ${kind}`;
  row.querySelector("rect").setAttribute("width", (100 * queue.waiting) / most);
  row.querySelector('[data-slot="longest"]').classList.toggle("late", longest > state.longest_wait);
}

/** For how many minutes the longest waits in a queue. */
function minutesOf(code, { queues }, now) {
  const since = queues.find((queue) => queue.code === code)?.longest_since;
  return since ? Math.max(0, Math.floor((now - new Date(since)) / MINUTE)) : null;
}

export function stateOf(queue) {
  if (queue.incident_since) return [interpolate(gettext("Gangguan %s"), [time(queue.incident_since)]), "danger"];
  if (queue.status === "closed") return [gettext("Tutup"), "danger"];
  if (queue.status === "paused") return [gettext("Dijeda"), "warn"];
  if (isAlone(queue)) return [gettext("Tanpa loket"), "danger"];
  return [gettext("Buka"), "good"];
}

// --- Counters ------------------------------------------------------------------------------------

export function drawCounters({ live, state }) {
  const counters = live.board.counters.filter(isMine);
  const rows = keepRows(part.counters, counters.map(({ number }) => number), () => filled("counter-row", {}));
  counters.forEach((counter, i) => drawCounter(rows[i], counter, state));
}

function drawCounter(row, counter, { counters }) {
  const more = counters.find(({ number }) => number === counter.number);
  fill(row, {
    name: interpolate(gettext("Loket %s"), [counter.number]),
    agency: agencies.get(counter.agency).short_name,
    now: nowOf(counter, more),
    officers: (more?.officers ?? []).join(", "),
  });
  row.dataset.state = counter.ticket?.state ?? counter.status;
  row.querySelector("button").dataset.number = counter.number;
}

/** "A-012 dilayani", or why nobody is: "Rapat, kembali 10.15". */
export function nowOf({ status, ticket }, more) {
  if (ticket) return `${ticket.label} ${ticket.state === "called" ? gettext("dipanggil") : gettext("dilayani")}`;
  if (status !== "break") return status === "open" ? gettext("Siap") : gettext("Tutup");
  const reason = more?.reason || gettext("Istirahat");
  return more?.until ? `${reason}, ${interpolate(gettext("kembali %s"), [time(more.until)])}` : reason;
}
