/* An agency: its services, at most twelve a page. */

import { choiceOf } from "./choice.js";
import { agencyOn } from "./line.js";
import { Pages } from "./pages.js";
import { fromTemplate, Screen } from "./screen.js";
import { stateOf } from "./state.js";
import { downSentence, statusWord, waitingSentence } from "./words.js";

export class AgencyScreen extends Screen {
  constructor(kiosk) {
    super(kiosk, fromTemplate("agency"));
    this.pages = new Pages(this, (service) => this.choice(service));
  }

  enter(code, { page = 0 } = {}) {
    this.agency = this.kiosk.catalogue.agencies.get(code);
    this.say("letter", this.agency.code);
    this.say("name", this.agency.shortName);
    this.say("full", this.agency.name);
    this.drawState();
    this.pages.show(this.agency.services, page);
  }

  leave() {
    this.part("list").replaceChildren();
  }

  /** What to remember when this screen is left for one of its services. */
  get place() {
    return { page: this.pages.page };
  }

  redraw() {
    this.agency = this.kiosk.catalogue.agencies.get(this.agency.code) ?? this.agency;
    this.pages.items = this.agency.services;
    const signs = JSON.stringify([this.pages.size, this.statuses()]);
    this.drawState();
    if (signs !== this.drawn) this.pages.redraw();
    this.drawn = signs;
  }

  /** What the notice says about the whole agency is not said again for each service. */
  choice(service) {
    const item = choiceOf(service, this.kiosk);
    if (!this.part("notice").hidden) item.querySelector('[data-part="more"]').textContent = "";
    return item;
  }

  aloud(voice) {
    return [voice.agency(this.agency)];
  }

  statuses() {
    return this.agency.services.map((service) => [stateOf(service, this.kiosk.live), service.quotaLeft]);
  }

  drawState() {
    const found = agencyOn(this.kiosk.live.board, this.agency.code);
    this.say("status", found ? statusWord(found.status) : "");
    this.say("waiting", found ? `· ${waitingSentence(found.waiting)}` : "");
    this.tell("notice", noticeOf(found?.status, this.agency));
  }
}

function noticeOf(status, agency) {
  if (status === "incident") return downSentence(agency);
  if (status === "paused") {
    return gettext("Antrean instansi ini sedang dijeda. Persyaratan tetap dapat dibaca; untuk bertanya, silakan ke resepsionis.");
  }
  if (status === "closed") {
    return gettext("Instansi ini sedang tutup. Persyaratan tetap dapat dibaca; untuk bertanya, silakan ke resepsionis.");
  }
  return "";
}
