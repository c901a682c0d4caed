/* Search: from the words of everyday to a service. */

import { choiceOf } from "./choice.js";
import { Keyboard } from "./keyboard.js";
import { Pages } from "./pages.js";
import { fromTemplate, Screen } from "./screen.js";

export class Finding extends Screen {
  constructor(kiosk) {
    super(kiosk, fromTemplate("search"));
    this.field = this.part("query");
    this.pages = new Pages(this, (service) => this.choice(service));
    this.keyboard = new Keyboard(this.part("keys"), this.field);
    this.field.addEventListener("input", () => this.look());
    this.on("clear", "click", () => this.clear());
  }

  get heading() {
    return this.field;
  }

  enter(_, { query = "", page = 0 } = {}) {
    this.field.value = query;
    this.look(page);
  }

  leave() {
    this.field.value = "";
    this.pages.show([]);
  }

  get place() {
    return { query: this.field.value, page: this.pages.page };
  }

  redraw() {
    if (this.pages.size !== this.sizeShown) this.look(this.pages.page);
  }

  clear() {
    this.field.value = "";
    this.look();
    this.field.focus();
  }

  look(page = 0) {
    const query = this.field.value.trim();
    const found = query ? this.kiosk.catalogue.find(query) : this.kiosk.catalogue.frequent;
    this.say("summary", summaryOf(query, found.length));
    this.pages.show(found, page);
    this.sizeShown = this.pages.size;
  }

  choice(service) {
    const everyday = this.kiosk.catalogue.language === "id" ? service.aliases[0] : "";
    return choiceOf(service, this.kiosk, [service.agency.shortName, everyday].filter(Boolean).join(" · "));
  }
}

function summaryOf(query, count) {
  if (!query) return gettext("Ketik dengan kata sehari-hari, misalnya: pindah rumah, KK hilang, bayar pajak motor.");
  if (!count) return gettext("Tidak ketemu. Coba kata lain, atau silakan ke resepsionis.");
  return interpolate(ngettext("%s layanan cocok", "%s layanan cocok", count), [count]);
}
