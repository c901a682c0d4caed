/* The number: large, with the way to follow it, until its person has had the time to keep it. */

import { countersOf } from "./line.js";
import { fromTemplate, Screen } from "./screen.js";
import { aheadSentence, countersSentence } from "./words.js";

const STAY = 20;

export class NumberScreen extends Screen {
  constructor(kiosk) {
    super(kiosk, fromTemplate("number"));
    this.on("longer", "click", () => this.stay());
    for (const name of ["done", "not-mine"]) this.on(name, "click", () => kiosk.reset());
    this.on("mine", "click", () => this.reveal());
  }

  enter({ visit, service, press }) {
    const [ticket] = visit.tickets;
    Object.assign(this, { press, token: visit.visit.token });
    this.say("label", ticket.label);
    this.part("label").toggleAttribute("data-long", ticket.label.length > 5);
    this.say("service", service.name);
    this.say("agency", service.agency.shortName);
    this.tell("ahead", ticket.ahead === null ? "" : aheadSentence(ticket.ahead));
    this.part("priority").hidden = !ticket.priority;
    this.drawWhere(service.agency);
    if (press.isDoubtful) this.ask();
    else this.reveal();
  }

  /** After a power cut somebody else may stand here: the number, but not the way to follow it. */
  ask() {
    this.node.dataset.asking = "";
    this.part("explanation").hidden = true;
    this.stay();
  }

  reveal() {
    delete this.node.dataset.asking;
    this.part("explanation").hidden = !this.press.isLate;
    Object.assign(this.press, { isShown: true, isDoubtful: false });
    this.part("qr").src = `/v/${this.token}/qr.svg`;
    this.stay();
  }

  leave() {
    this.press?.forget();
    this.press = null;
    this.part("qr").removeAttribute("src");
  }

  drawWhere({ code, zone }) {
    const counters = countersOf(this.kiosk.live.board, code);
    const words = [];
    if (zone) words.push(interpolate(gettext("Zona %s"), [zone]));
    if (counters.length) words.push(countersSentence(counters));
    this.part("zone").hidden = !zone;
    this.part("zone").dataset.zone = zone;
    this.say("zone", zone);
    this.say("where", words.join(" · "));
  }

  stay() {
    this.left = STAY;
    this.press.keep();
    this.drawCountdown();
  }

  tick() {
    this.left -= 1;
    if (this.left <= 0) this.kiosk.reset();
    else this.drawCountdown();
  }

  drawCountdown() {
    const text = ngettext("Kembali ke awal dalam %s detik", "Kembali ke awal dalam %s detik", this.left);
    this.say("countdown", interpolate(text, [this.left]));
  }
}
