/* The number: large, with the way to follow it, until its person has had the time to keep it. */

import { countersOf } from "./line.js";
import { fromTemplate, Screen } from "./screen.js";
import { aheadSentence, countersSentence } from "./words.js";

const STAY = 20;

export class NumberScreen extends Screen {
  constructor(kiosk) {
    super(kiosk, fromTemplate("number"));
    this.on("longer", "click", () => this.stay());
    this.on("done", "click", () => kiosk.reset());
  }

  enter({ visit, service, press }) {
    const [ticket] = visit.tickets;
    this.press = press;
    this.part("explanation").hidden = !press.isLate;
    press.isShown = true;
    this.say("label", ticket.label);
    this.part("label").toggleAttribute("data-long", ticket.label.length > 5);
    this.say("service", service.name);
    this.say("agency", service.agency.shortName);
    this.tell("ahead", ticket.ahead === null ? "" : aheadSentence(ticket.ahead));
    this.part("priority").hidden = !ticket.priority;
    this.drawWhere(service.agency);
    this.part("qr").src = `/v/${visit.visit.token}/qr.svg`;
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
