/* The number: large, with the way to follow it, until its person has had the time to keep it. */

import { calledWhen } from "../estimate.js";
import { countersOf } from "./line.js";
import { fromTemplate, Screen } from "./screen.js";
import { printSlip } from "./slip.js";
import { aheadSentence, countersSentence, line } from "./words.js";

const STAY = 20;
const STAY_WITH_SLIP = 8;
const STAY_WITHOUT_PAPER = 60;

export class NumberScreen extends Screen {
  constructor(kiosk) {
    super(kiosk, fromTemplate("number"));
    this.on("longer", "click", () => this.stay(STAY));
    this.on("again", "click", () => this.print());
    for (const name of ["done", "not-mine"]) this.on(name, "click", () => kiosk.reset());
    this.on("mine", "click", () => this.reveal());
  }

  enter({ visit, press }) {
    const tickets = inOrder(visit.tickets);
    Object.assign(this, { press, visit: visit.visit, tickets });
    const isOne = tickets.length === 1;
    this.say("yours", isOne ? gettext("Nomor antrean Anda") : gettext("Nomor-nomor antrean Anda"));
    this.say("spoken", tickets.map(({ label }) => label).join(", "));
    this.part("numbers").dataset.count = Math.min(tickets.length, 4);
    this.part("numbers").replaceChildren(...tickets.map((ticket) => this.numbered(ticket)));
    this.part("priority").hidden = !tickets.some(({ priority }) => priority);
    this.drawPrinting("");
    if (press.isDoubtful) this.ask();
    else this.reveal();
  }

  numbered(ticket) {
    const item = fromTemplate("numbered");
    const part = (name) => item.querySelector(`[data-part="${name}"]`);
    const services = ticket.services.map((code) => this.kiosk.catalogue.services.get(code)).filter(Boolean);
    const agency = services[0]?.agency ?? { code: ticket.queue, shortName: "", zone: "" };
    part("label").textContent = ticket.label;
    part("label").toggleAttribute("data-long", ticket.label.length > 5);
    part("service").textContent = services.map(({ name }) => name).join(" · ");
    part("agency").textContent = agency.shortName;
    const isWaiting = ticket.ahead !== null;
    part("ahead").textContent = isWaiting ? line(aheadSentence(ticket.ahead), calledWhen(ticket.estimate)) : "";
    part("zone").hidden = !agency.zone;
    part("zone").dataset.zone = part("zone").textContent = agency.zone;
    part("where").textContent = whereOf(agency, countersOf(this.kiosk.live.board, agency.code));
    return item;
  }

  /** After a power cut somebody else may stand here: the number, but not the way to follow it. */
  ask() {
    this.node.dataset.asking = "";
    this.part("explanation").hidden = true;
    this.stay(STAY);
  }

  reveal() {
    const isNew = !this.press.isShown && !this.press.isTakenUp;
    delete this.node.dataset.asking;
    this.part("explanation").hidden = !this.press.isLate;
    Object.assign(this.press, { isShown: true, isDoubtful: false });
    this.part("qr").src = `/v/${this.visit.token}/qr.svg`;
    this.stay(STAY);
    this.part("again").hidden = this.hasNoPrinter;
    if (isNew && !this.hasNoPrinter) this.print();
  }

  get hasNoPrinter() {
    return this.kiosk.device.printer === "none";
  }

  aloud(voice) {
    return this.tickets.map((ticket) => voice.ticket(ticket));
  }

  leave() {
    this.press?.forget();
    this.press = null;
    this.part("qr").removeAttribute("src");
    this.part("numbers").replaceChildren();
  }

  // --- The slip ------------------------------------------------------------------------------------

  async print() {
    const { press } = this;
    this.isPrinting = true;
    this.drawPrinting(gettext("Mengambil slip …"));
    const { outcome } = await printed(this.tickets, this.visit, Boolean(press.body.companion));
    if (this.press !== press) return;
    this.isPrinting = false;
    this.drawOutcome(outcome);
  }

  drawOutcome(outcome) {
    const isWithout = outcome === "paper_out" || outcome === "gone";
    if (outcome === "none") this.drawPrinting("");
    else if (outcome === "printed") this.drawPrinting(gettext("Slip sudah dicetak. Silakan ambil."));
    else if (outcome === "paper_out") this.drawPrinting(paperOut(), "warn");
    else if (outcome === "gone") this.drawPrinting(printerGone(), "warn");
    else this.drawPrinting(gettext("Slip belum keluar? Tekan Cetak lagi, atau foto nomor ini."), "warn");
    this.node.toggleAttribute("data-without-paper", isWithout);
    if (outcome === "printed") this.stay(STAY_WITH_SLIP);
    else this.stay(isWithout ? STAY_WITHOUT_PAPER : STAY);
  }

  drawPrinting(text, kind = "") {
    this.node.removeAttribute("data-without-paper");
    this.part("printing").className = `notice printing ${kind}`;
    this.tell("printing", text);
    this.part("again").disabled = Boolean(this.isPrinting);
  }

  // --- How long ------------------------------------------------------------------------------------

  stay(seconds) {
    this.left = seconds;
    this.press.keep();
    this.drawCountdown();
  }

  tick() {
    if (this.isPrinting) return;
    this.left -= 1;
    if (this.left <= 0) this.kiosk.reset();
    else this.drawCountdown();
  }

  drawCountdown() {
    const text = ngettext("Kembali ke awal dalam %s detik", "Kembali ke awal dalam %s detik", this.left);
    this.say("countdown", interpolate(text, [this.left]));
  }
}

/** A printer that breaks the page's own code must not take the number from the screen. */
async function printed(tickets, visit, companion) {
  try {
    return await printSlip(tickets.map(({ id }) => id), visit, { companion });
  } catch {
    return { outcome: "unknown" };
  }
}

function paperOut() {
  return gettext("Kertas habis. Foto nomor ini atau pindai kode. Petugas sudah diberi tahu.");
}

function printerGone() {
  return gettext("Pencetak tidak menjawab. Foto nomor ini atau pindai kode. Petugas sudah diberi tahu.");
}

function whereOf({ zone }, counters) {
  const words = [];
  if (zone) words.push(interpolate(gettext("Zona %s"), [zone]));
  if (counters.length) words.push(countersSentence(counters));
  return words.join(" · ");
}

/** The errands as they will probably be called; nobody knows of those without an estimate. */
function inOrder(tickets) {
  const when = ({ estimate }) => estimate?.from ?? "~";
  return [...tickets].sort((one, other) => when(one).localeCompare(when(other)));
}
