/* The visit: all that was picked, with a way to leave one out, taken by one press. */

import { numbersOf } from "./basket.js";
import { Pages } from "./pages.js";
import { fromTemplate } from "./screen.js";
import { stateOf } from "./state.js";
import { TakingScreen } from "./taking.js";
import { obstacleOf } from "./words.js";

export class ReviewScreen extends TakingScreen {
  constructor(kiosk) {
    super(kiosk, fromTemplate("review"));
    this.pages = new Pages(this, (service) => this.row(service));
    this.on("add", "click", () => kiosk.home());
  }

  /** With the code of a life event, what that event usually needs has been picked already. */
  enter(event, { isResumed = false, shown = null, page = 0 } = {}) {
    const { basket, catalogue } = this.kiosk;
    this.event = catalogue.events.get(event);
    if (this.event && !shown) {
      for (const service of this.open(this.event.services)) basket.add(service.code);
    }
    const codes = shown ?? [...new Set([...basket.codes, ...(this.event?.services ?? [])])];
    this.shown = codes.map((code) => catalogue.services.get(code)).filter(Boolean);
    this.say("title", this.event?.name ?? gettext("Kunjungan Anda"));
    this.begin();
    this.pages.show(this.shown, page);
    this.redraw();
    if (isResumed) this.take();
  }

  get place() {
    return { shown: this.shown.map(({ code }) => code), page: this.pages.page };
  }

  aloud(voice) {
    return this.codes.map((code) => voice.service(this.kiosk.catalogue.services.get(code)));
  }

  get codes() {
    return this.kiosk.basket.codes;
  }

  open(codes) {
    const services = codes.map((code) => this.kiosk.catalogue.services.get(code)).filter(Boolean);
    return services.filter((service) => !this.obstacleTo(service));
  }

  obstacleTo(service) {
    return obstacleOf(stateOf(service, this.kiosk.live), service);
  }

  redraw() {
    if (!this.press) this.leaveOutClosed();
    const count = this.codes.length;
    this.pages.redraw();
    this.say("summary", this.summary());
    this.part("take").hidden = this.part("priority").hidden = !count;
    if (!this.isSending && !this.press) this.say("take", this.takeWords);
    this.part("add").hidden = this.kiosk.basket.isFull || Boolean(this.event && !count);
    this.kiosk.drawBasket();
  }

  /** What has closed meanwhile would let the whole visit be refused. */
  leaveOutClosed() {
    const { basket } = this.kiosk;
    for (const service of basket.services) if (this.obstacleTo(service)) basket.remove(service.code);
  }

  summary() {
    const { services } = this.kiosk.basket;
    if (!services.length) return gettext("Belum ada layanan yang dipilih.");
    if (numbersOf(services) === services.length) {
      return gettext("Satu nomor untuk tiap layanan.");
    }
    return gettext("Layanan satu instansi memakai satu nomor.");
  }

  get takeWords() {
    const count = numbersOf(this.kiosk.basket.services);
    if (count < 2) return gettext("Ambil nomor antrean");
    return interpolate(ngettext("Ambil %s nomor antrean", "Ambil %s nomor antrean", count), [count]);
  }

  row(service) {
    const item = fromTemplate("wanted");
    const say = (name, text) => Object.assign(item.querySelector(`[data-part="${name}"]`), { textContent: text });
    const isWanted = this.kiosk.basket.has(service.code);
    const obstacle = isWanted ? "" : this.obstacleTo(service);
    item.toggleAttribute("data-wanted", isWanted);
    say("letter", service.agency.code);
    say("name", service.name);
    say("more", obstacle || service.agency.shortName);
    const button = say("toggle", isWanted ? gettext("Hapus") : gettext("Pilih"));
    button.append(unseen(service.name));
    button.hidden = Boolean(obstacle);
    button.disabled = Boolean(this.press) || (!isWanted && this.kiosk.basket.isFull);
    button.dataset.testid = `${isWanted ? "remove" : "pick"}-${service.code}`;
    button.addEventListener("click", () => this.toggle(service));
    return item;
  }

  toggle({ code }) {
    const { basket } = this.kiosk;
    if (basket.has(code)) basket.remove(code);
    else basket.add(code);
    this.redraw();
    this.node.querySelector(`[data-testid$="-${code}"]`)?.focus();
  }

  setSending(isSending) {
    super.setSending(isSending);
    this.pages.redraw();
  }
}

function unseen(text) {
  return Object.assign(document.createElement("span"), { className: "unseen", textContent: ` ${text}` });
}
