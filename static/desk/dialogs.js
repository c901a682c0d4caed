/* What must be asked before an order? Where to, why, until when, and whether really. */

import { clockTime, isoIn, zoneOf } from "../clock.js";
import { part } from "./draw.js";

const BACK_IN = [15, 30, 45, 60, 90];

/** Open a dialog; true when the officer agreed. Escape and "Batal" are a no. */
function agreed(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close]")) target.closest("dialog").close();
});

// --- Transfer ------------------------------------------------------------------------------------

export async function askToTransfer({ destinations, live, state }) {
  const own = new Set([state.current.label.split("-")[0]]);
  const places = destinations
    .map((agency) => ({ ...agency, queues: agency.queues.filter(({ code }) => !own.has(code)) }))
    .filter(({ queues }) => queues.length);
  const agencyOf = () => places.find(({ code }) => code === part["transfer-agency"].value);
  const queueOf = () => agencyOf()?.queues.find(({ code }) => code === part["transfer-queue"].value);
  const showQueue = () => showDestination(queueOf(), live);
  fill(part["transfer-agency"], places.map(({ code, name }) => [code, name]));
  part["transfer-agency"].onchange = () => {
    showQueues(agencyOf());
    showQueue();
  };
  part["transfer-queue"].onchange = showQueue;
  part["transfer-note"].value = "";
  part["transfer-agency"].onchange();
  if (!(await agreed(part["transfer-dialog"]))) return null;
  const service = part["transfer-service"].value;
  const place = service ? { service } : { queue: queueOf().code };
  return { ...place, note: part["transfer-note"].value.trim() };
}

function showQueues(agency) {
  const queues = agency?.queues ?? [];
  fill(part["transfer-queue"], queues.map(({ code }) => [code, interpolate(gettext("Antrean %s"), [code])]));
  part["transfer-queue-part"].hidden = queues.length < 2;
}

/** Say what awaits the person there, before sending anybody across the hall. */
function showDestination(queue, live) {
  const services = queue?.services ?? [];
  fill(part["transfer-service"], [["", "–"], ...services.map(({ code, name }) => [code, name])]);
  const there = live.board.queues.find(({ code }) => code === queue?.code);
  const words = gettext("%s menunggu, %s loket buka");
  part["transfer-now"].textContent = there ? interpolate(words, [there.waiting, there.counters_open]) : "";
  part["transfer-now"].className = there?.counters_open ? "notice" : "notice warn";
}

function fill(select, options) {
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
}

// --- Break and close -----------------------------------------------------------------------------

export async function askToBreak({ live, state }) {
  const zone = zoneOf(state.at);
  const reasons = [gettext("Istirahat"), gettext("Rapat"), gettext("Gangguan")];
  choices(part["break-reasons"], "reason", reasons.map((reason) => [reason, reason]));
  const times = BACK_IN.map((minutes) => {
    const back = new Date(live.now().getTime() + minutes * 60_000);
    return [isoIn(zone, back), interpolate(gettext("%s menit (%s)"), [minutes, clockTime(zone, back)])];
  });
  choices(part["break-untils"], "until", times);
  warnWhenLast(part["break-warning"], state);
  if (!(await agreed(part["break-dialog"]))) return null;
  return { reason: chosen("reason"), until: chosen("until") };
}

export async function askToClose({ state }) {
  const left = waitingFor(state);
  if (!left) return {};
  const isLast = state.queues.some((queue) => queue.waiting && !queue.other_counters);
  const words = isLast
    ? gettext("Masih ada %s orang menunggu, dan tidak ada loket lain yang buka untuk mereka.")
    : gettext("Masih ada %s orang menunggu. Mereka akan dilayani loket lain.");
  return ask(gettext("Tutup loket?"), interpolate(words, [left]), gettext("Tetap tutup"));
}

/** A number that is cancelled does not come back, so one slip of the hand must not do it. */
export async function askToCancel({ state }) {
  const title = interpolate(gettext("Batalkan nomor %s?"), [state.current.label]);
  const words = gettext("Hanya bila orangnya bilang tidak jadi. Nomor yang dibatalkan tidak dapat dikembalikan.");
  return ask(title, words, gettext("Batalkan nomor"));
}

async function ask(title, words, yes) {
  part["ask-title"].textContent = title;
  part["ask-text"].textContent = words;
  part["ask-yes"].textContent = yes;
  return (await agreed(part["ask-dialog"])) ? {} : null;
}

const waitingFor = ({ queues }) => queues.reduce((sum, { waiting }) => sum + waiting, 0);

function warnWhenLast(notice, state) {
  const alone = state.queues.filter((queue) => queue.waiting && !queue.other_counters);
  notice.hidden = !alone.length;
  notice.textContent = interpolate(
    gettext("Ini loket terakhir yang buka untuk antrean %s. Masih ada %s orang menunggu."),
    [alone.map(({ code }) => code).join(", "), waitingFor({ queues: alone })],
  );
}

function choices(place, name, options) {
  place.replaceChildren(...options.map(([value, text], i) => {
    const option = part["option-row"].content.firstElementChild.cloneNode(true);
    const radio = option.querySelector("input");
    Object.assign(radio, { name, value, checked: i === 0 });
    option.querySelector("span").textContent = text;
    return option;
  }));
}

const chosen = (name) => document.querySelector(`dialog input[name="${name}"]:checked`).value;
