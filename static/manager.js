/* How is the hall doing at this moment? Queues, who waits, and what each counter does. */

import { Alerts } from "./alerts.js";
import { clockTime, zoneName, zoneOf } from "./clock.js";
import { LiveBoard } from "./live.js";

const root = document.documentElement;
const part = Object.fromEntries([...document.querySelectorAll("[id]")].map((each) => [each.id, each]));
const about = JSON.parse(part.about.textContent);
const agencies = new Map(about.agencies.map((agency) => [agency.code, agency]));
const live = new LiveBoard(root.dataset.hall);
const alerts = new Alerts(live, {
  canAnswer: about.is_manager,
  linksTo: ({ kind }) => about.is_manager && kind !== "no_counter",
});
const isMine = ({ agency }) => agencies.has(agency);

function draw() {
  const queues = live.board.queues.filter(isMine);
  const counters = live.board.counters.filter(isMine);
  part["sum-waiting"].textContent = queues.reduce((sum, { waiting }) => sum + waiting, 0);
  part["sum-serving"].textContent = counters.filter(({ ticket }) => ticket?.state === "serving").length;
  part["sum-open"].textContent = `${counters.filter(({ status }) => status === "open").length}/${counters.length}`;
  part["sum-alone"].textContent = queues.filter(isAlone).length;
  part.queues.replaceChildren(...queues.map(queueRow));
  part.counters.replaceChildren(...counters.map(counterRow));
  drawWhen();
}

const isAlone = ({ waiting, counters_open: open }) => waiting > 0 && open === 0;

function queueRow(queue) {
  const { short_name: name, zone } = agencies.get(queue.agency);
  const [word, kind] = stateOf(queue);
  const row = filled("queue-row", {
    code: queue.code, name, zone, waiting: queue.waiting, open: queue.counters_open, status: word,
  });
  row.querySelector(".zone").dataset.zone = zone;
  row.querySelector(".tag").classList.add(kind);
  return row;
}

function stateOf(queue) {
  if (queue.status === "closed") return [gettext("Tutup"), "danger"];
  if (queue.status === "paused") return [gettext("Dijeda"), "warn"];
  if (isAlone(queue)) return [gettext("Tanpa loket"), "danger"];
  return [gettext("Buka"), "good"];
}

function counterRow({ number, agency, status, ticket }) {
  const row = filled("counter-row", {
    name: interpolate(gettext("Loket %s"), [number]),
    agency: agencies.get(agency).short_name,
    now: ticket ? `${ticket.label} ${ticketWord(ticket)}` : counterWord(status),
  });
  row.dataset.state = ticket?.state ?? status;
  row.querySelector("a").href = `/${root.dataset.hall}/desk/${number}`;
  return row;
}

const ticketWord = ({ state }) => (state === "called" ? gettext("dipanggil") : gettext("dilayani"));
const counterWord = (status) =>
  ({ open: gettext("Siap"), break: gettext("Istirahat"), closed: gettext("Tutup") })[status];

function filled(name, values) {
  const made = part[name].content.firstElementChild.cloneNode(true);
  for (const slot of made.querySelectorAll("[data-slot]")) slot.textContent = values[slot.dataset.slot];
  return made;
}

function drawWhen() {
  const zone = zoneOf(live.board.at);
  const words = gettext("Keadaan pukul %s %s");
  part.when.textContent = interpolate(words, [clockTime(zone, live.now()), zoneName(zone)]);
}

function showStale() {
  part.stale.hidden = !live.isStale;
}

live.addEventListener("board", draw);
live.addEventListener("stale", showStale);
live.addEventListener("fresh", showStale);
live.addEventListener("turned-away", () => location.reload());
setInterval(() => live.isStale || drawWhen(), 10_000);

live.take(about.board);
live.start();
alerts.start(about.alerts);
