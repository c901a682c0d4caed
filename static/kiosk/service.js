/* A service: what to bring, what it costs, how many wait, and the button that takes the number. */

import { queueOn } from "./line.js";
import { keptPress, Press } from "./press.js";
import { fromTemplate, Screen } from "./screen.js";
import { obstacleOf, priceOf, waitingSentence } from "./words.js";

export class ServiceScreen extends Screen {
  constructor(kiosk) {
    super(kiosk, fromTemplate("service"));
    this.on("take", "click", () => this.take());
    this.on("more", "click", () => this.turnNeeds());
  }

  enter(code, { isResumed = false } = {}) {
    this.service = this.kiosk.catalogue.services.get(code);
    this.press = null;
    this.isSending = false;
    this.drawService();
    this.choosePriority("");
    this.tell("notice", "");
    this.takeUp(keptPress());
    this.redraw();
    if (isResumed) this.take();
  }

  /** A press of this service that is still unanswered goes on; it must not become a second one. */
  takeUp(kept) {
    if (kept?.body.services[0] !== this.service.code) return;
    this.press = kept;
    this.choosePriority(kept.body.priority ?? "");
  }

  get isBusy() {
    return this.isSending;
  }

  redraw() {
    const queue = queueOn(this.kiosk.live.board, this.service.queue);
    this.say("waiting", waitingSentence(queue?.waiting ?? null));
    const obstacle = this.press ? "" : obstacleOf(this.service, queue?.status ?? "open");
    for (const name of ["take", "priority"]) this.part(name).hidden = Boolean(obstacle);
    if (obstacle || this.obstacle) this.warn(obstacle);
    this.obstacle = obstacle;
    this.drawMore();
  }

  // --- What one should know ------------------------------------------------------------------------

  drawService() {
    const { service } = this;
    const [price, note] = priceOf(service);
    this.say("letter", service.agency.code);
    this.say("agency", service.agency.shortName);
    this.say("name", service.name);
    this.say("fee", price);
    this.say("note", note ?? "");
    this.say("time", service.time || gettext("Tanyakan di loket"));
    this.part("quota-row").hidden = service.quotaLeft === null || service.quotaLeft === undefined;
    this.say("quota", String(service.quotaLeft ?? ""));
    const needs = service.needs.length ? service.needs : [gettext("Tidak ada syarat khusus")];
    this.part("needs").replaceChildren(...needs.map(itemOf));
    this.part("needs").scrollTop = 0;
  }

  /** A list too long for the screen is turned by a button. */
  drawMore() {
    const list = this.part("needs");
    const isLonger = list.scrollHeight > list.clientHeight + 2;
    this.part("more").hidden = !isLonger;
    if (isLonger) list.tabIndex = 0;
    else list.removeAttribute("tabindex");
  }

  turnNeeds() {
    const list = this.part("needs");
    const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 2;
    list.scrollTop = isAtEnd ? 0 : list.scrollTop + list.clientHeight * 0.8;
  }

  choosePriority(code) {
    for (const radio of this.node.querySelectorAll("[name=priority]")) radio.checked = radio.value === code;
  }

  // --- The press -----------------------------------------------------------------------------------

  async take() {
    if (this.isSending) return;
    this.press ??= new Press(this.body());
    this.setSending(true);
    const { press, service } = this;
    try {
      const visit = await press.send(this.kiosk.catalogue.hall, () => this.explainDelay());
      this.setSending(false);
      this.kiosk.go("number", { visit, service, press });
    } catch (refusal) {
      this.setSending(false);
      this.explain(refusal);
    }
  }

  body() {
    const priority = this.node.querySelector("[name=priority]:checked")?.value || null;
    return { services: [this.service.code], priority, language: this.kiosk.catalogue.language };
  }

  setSending(isSending) {
    this.isSending = isSending;
    const button = this.part("take");
    button.disabled = isSending;
    button.textContent = isSending ? gettext("Mengambil nomor …") : gettext("Ambil nomor antrean");
    this.part("priority").disabled = isSending || Boolean(this.press);
    if (isSending) this.warn("");
  }

  explainDelay() {
    this.warn(gettext("Server belum menjawab. Mencoba lagi; nomor Anda tidak akan dobel."), "warn");
  }

  explain(refusal) {
    if (!refusal.isUnknown) this.letGo();
    this.warn(sentenceOf(refusal), "danger");
    if (this.press) this.part("take").textContent = gettext("Coba lagi");
  }

  /** The hall has said no: this press is over, and the next one is new. */
  letGo() {
    this.press.forget();
    this.press = null;
    this.part("priority").disabled = false;
    this.kiosk.refreshCatalogue();
  }

  warn(text, kind = "warn") {
    this.part("notice").className = `notice ${kind}`;
    this.tell("notice", text);
    this.drawMore(); // the sentence takes room from the list
  }
}

function sentenceOf(refusal) {
  if (refusal.status === 401 || refusal.status === 403) {
    return gettext("Anjungan ini belum terhubung. Silakan ke resepsionis.");
  }
  if (refusal.isUnknown && refusal.status !== 429) {
    return gettext("Server belum menjawab. Coba lagi, atau silakan ke resepsionis.");
  }
  return refusal.message;
}

function itemOf(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}
