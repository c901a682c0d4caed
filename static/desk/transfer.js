/* Where does the person go from here? To a queue or one counter, by the visit's time or in front. */

import { agreed, fill } from "./asking.js";
import { part } from "./part.js";

const field = (name) => part[`transfer-${name}`];

export async function askToTransfer(desk) {
  const places = placesFor(desk);
  const sheet = { desk, places };
  fill(field("agency"), places.map(({ code, name }) => [code, name]));
  for (const name of ["note", "front-reason"]) field(name).value = "";
  field("in-order").checked = true;
  field("back").checked = false;
  field("agency").onchange = () => showQueues(sheet);
  field("queue").onchange = () => showQueue(sheet);
  field("counter").onchange = () => showNow(sheet);
  for (const each of [field("in-order"), field("front")]) each.onchange = showPlace;
  showQueues(sheet);
  showPlace();
  return (await agreed(part["transfer-dialog"])) ? order(sheet) : null;
}

/** Whoever was only called has not been served here: another counter of the queue may take over. */
export function placesFor({ destinations, state: { current }, counter }) {
  const isServed = current.state === "serving";
  const fits = (queue) => (queue.code === current.queue ? queue.counters.some((n) => n !== counter) : isServed);
  return destinations
    .map((agency) => ({ ...agency, queues: agency.queues.filter(fits) }))
    .filter(({ queues }) => queues.length)
    .sort((one, other) => isOwn(one, current) - isOwn(other, current));
}

const isOwn = ({ queues }, { queue }) => queues.some(({ code }) => code === queue);

function order(sheet) {
  const { queue, isOwnQueue } = pickedIn(sheet);
  const [counter, service] = [Number(field("counter").value), field("service").value];
  const said = { note: field("note").value.trim() };
  if (field("front").checked) said.front_reason = field("front-reason").value.trim();
  if (field("back").checked && !isOwnQueue) said.comes_back = true;
  if (counter) said.counter = counter;
  return { ...(service && !isOwnQueue ? { service } : { queue: queue.code }), ...said };
}

function pickedIn({ desk, places }) {
  const agency = places.find(({ code }) => code === field("agency").value);
  const queue = agency?.queues.find(({ code }) => code === field("queue").value);
  return { agency, queue, isOwnQueue: queue?.code === desk.state.current?.queue };
}

function showQueues(sheet) {
  const queues = pickedIn(sheet).agency?.queues ?? [];
  fill(field("queue"), queues.map(({ code }) => [code, interpolate(gettext("Antrean %s"), [code])]));
  part["transfer-queue-part"].hidden = queues.length < 2;
  showQueue(sheet);
}

function showQueue(sheet) {
  const { queue, isOwnQueue } = pickedIn(sheet);
  const { desk } = sheet;
  const numbers = (queue?.counters ?? []).filter((number) => !isOwnQueue || number !== desk.counter);
  const any = isOwnQueue ? [] : [["", gettext("Loket mana saja")]];
  fill(field("counter"), [...any, ...numbers.map((number) => [number, counterName(number, desk.live)])]);
  const services = queue?.services ?? [];
  fill(field("service"), [["", "–"], ...services.map(({ code, name }) => [code, name])]);
  part["transfer-service-part"].hidden = isOwnQueue;
  part["transfer-back-part"].hidden = isOwnQueue;
  showNow(sheet);
}

function counterName(number, { board }) {
  const status = board.counters.find((each) => each.number === number)?.status;
  const words = { break: gettext("Loket %s (istirahat)"), closed: gettext("Loket %s (tutup)") };
  return interpolate(words[status] ?? gettext("Loket %s"), [number]);
}

/** Say what awaits the person there, before sending anybody across the hall. */
function showNow(sheet) {
  const { queue } = pickedIn(sheet);
  const { board } = sheet.desk.live;
  const there = board.queues.find(({ code }) => code === queue?.code);
  const words = gettext("%s menunggu, %s loket buka");
  part["transfer-now"].textContent = there ? interpolate(words, [there.waiting, there.counters_open]) : "";
  part["transfer-now"].className = there?.counters_open ? "notice" : "notice warn";
}

function showPlace() {
  const isFront = field("front").checked;
  part["transfer-reason-part"].hidden = !isFront;
  field("front-reason").required = isFront;
}
