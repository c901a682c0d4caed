/* What must be asked before an order? Why, until when, and whether really. */

import { clockTime, isoIn, zoneOf } from "../clock.js";
import { agreed, ask, choices, chosen } from "./asking.js";
import { part } from "./part.js";

const BACK_IN = [15, 30, 45, 60, 90];

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

export async function askAboutIncident({ code, incident_since: since }) {
  if (since) return {};
  const title = interpolate(gettext("Sistem antrean %s sedang gangguan?"), [code]);
  const words = gettext("Anjungan, layar lobi dan ponsel pengunjung akan menyatakannya, dan perkiraan waktu ditarik.");
  return ask(title, words, gettext("Nyatakan gangguan"));
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

// --- A number out of turn ------------------------------------------------------------------------

/** Any number that waits in the counter's queues, as it stands on the slip. */
export async function askWhomToCall() {
  const agreedOn = await askWhy({
    title: gettext("Panggil nomor tertentu"),
    hint: gettext("Nomor ini mendahului yang lain, maka alasannya dicatat."),
    hasLabel: true,
  });
  return agreedOn && { label: part["reason-label"].value.trim(), reason: agreedOn };
}

export async function askWhyToCall({ id, label }) {
  const reason = await askWhy({
    title: interpolate(gettext("Panggil %s di luar urutan?"), [label]),
    hint: gettext("Nomor ini mendahului yang lain, maka alasannya dicatat."),
  });
  return reason && { ticket: id, reason };
}

export async function askWhyToCallBack({ id, label }) {
  const reason = await askWhy({
    title: interpolate(gettext("Panggil kembali %s?"), [label]),
    hint: gettext("Nomor ini dipanggil lagi sekarang juga, dan alasannya dicatat."),
  });
  return reason && { ticket: id, reason };
}

async function askWhy({ title, hint, hasLabel = false }) {
  part["reason-title"].textContent = title;
  part["reason-hint"].textContent = hint;
  part["reason-label-part"].hidden = !hasLabel;
  part["reason-label"].required = hasLabel;
  part["reason-label"].value = part["reason-text"].value = "";
  return (await agreed(part["reason-dialog"])) ? part["reason-text"].value.trim() : null;
}
