/* Which service? The most frequent ones, an agency's list, or a search: one touch chooses. */

import { lineOf, obstacleOf } from "./offers.js";
import { part } from "./part.js";

const MOST = 40;

export class Pick {
  constructor(offers, live, choose) {
    Object.assign(this, { offers, live, choose });
    this.agency = "";
    part.search.addEventListener("input", () => this.look());
    part.back.addEventListener("click", () => this.begin({ isByHand: true }));
    part.agencies.addEventListener("click", ({ target }) => this.open(target.closest("button")));
    for (const list of [part.frequent, part.services]) {
      list.addEventListener("click", ({ target }) => this.touch(target.closest("button")));
    }
  }

  /** Back to where every visitor begins. */
  begin({ isByHand = false } = {}) {
    this.agency = part.search.value = "";
    this.draw();
    if (isByHand) part.search.focus();
  }

  open(button) {
    if (!button) return;
    this.agency = button.dataset.agency;
    part.search.value = "";
    this.draw();
    part["listing-title"].focus();
  }

  look() {
    this.agency = "";
    this.draw();
  }

  touch(button) {
    const service = button && this.offers.services.get(button.dataset.code);
    if (service) this.choose(service);
  }

  /** Mark the service that was chosen, wherever it is shown. */
  mark(code) {
    this.chosen = code;
    for (const button of document.querySelectorAll(".pick [data-code]")) {
      button.setAttribute("aria-pressed", String(button.dataset.code === code));
    }
  }

  draw() {
    const query = part.search.value.trim();
    const isListing = Boolean(this.agency || query);
    part.start.hidden = isListing;
    part.listing.hidden = !isListing;
    if (isListing) this.list(query);
    else part.services.replaceChildren();
    this.drawStates();
  }

  list(query) {
    const agency = this.offers.agencies.get(this.agency);
    const found = agency ? agency.services : this.offers.find(query).slice(0, MOST);
    const words = ngettext("%s layanan cocok", "%s layanan cocok", found.length);
    part["listing-title"].textContent = agency ? agency.name : interpolate(words, [found.length]);
    part["listing-none"].hidden = found.length > 0;
    part.services.replaceChildren(...found.map((service) => this.row(service)));
  }

  row(service) {
    const row = part["service-row"].content.firstElementChild.cloneNode(true);
    const button = row.querySelector("button");
    button.dataset.code = service.code;
    button.dataset.testid = `service-${service.code}`;
    button.setAttribute("aria-pressed", String(service.code === this.chosen));
    row.querySelector("[data-slot=name]").textContent = service.name;
    return row;
  }

  /** Say beside each service what the board and the catalogue know of it now. */
  drawStates() {
    const { board } = this.live;
    for (const button of document.querySelectorAll(".pick [data-code]")) {
      const service = this.offers.services.get(button.dataset.code);
      if (!service) continue;
      const obstacle = obstacleOf(service, board);
      button.toggleAttribute("data-shut", Boolean(obstacle));
      button.querySelector(".hint").textContent = obstacle || lineOf(service, board);
    }
  }
}
