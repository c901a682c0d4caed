/* A service: what to bring, what it costs, how many wait, and the button that takes the number. */

import { calledWhen } from "../estimate.js";
import { Newest } from "../newest.js";
import { queueOn } from "./line.js";
import { doubtOf, outlookOf } from "./outlook.js";
import { fromTemplate } from "./screen.js";
import { stateOf } from "./state.js";
import { TakingScreen } from "./taking.js";
import { line, obstacleOf, priceOf, waitingSentence } from "./words.js";

const LEAST_LINES = 6; // of the papers, before the groups have to make room

export class ServiceScreen extends TakingScreen {
  constructor(kiosk) {
    super(kiosk, fromTemplate("service"));
    this.newest = new Newest();
    this.on("add", "click", () => this.add());
    this.on("more", "click", () => this.turnNeeds());
  }

  get codes() {
    return [this.service.code];
  }

  enter(code, { isResumed = false } = {}) {
    this.service = this.kiosk.catalogue.services.get(code);
    this.outlook = null;
    this.seen = this.onBoard;
    this.drawService();
    this.begin();
    this.redraw();
    if (isResumed) this.take();
    else this.lookOut();
  }

  /** How the day looks for this service; the number does not wait for the answer. */
  async lookOut() {
    const { code } = this.service;
    const asked = this.newest.ask();
    const outlook = await outlookOf(this.kiosk.catalogue, code);
    const isHere = this.kiosk.screen === this && this.service.code === code;
    if (!isHere || !outlook || !this.newest.accepts(asked)) return;
    this.outlook = outlook;
    this.redraw();
  }

  /** Until the hall says open, each change of the queue on the board is worth one more question. */
  lookAgain() {
    const seen = this.onBoard;
    const isNews = seen !== this.seen;
    this.seen = seen;
    if (isNews && !this.outlook?.open) this.lookOut();
  }

  get onBoard() {
    return JSON.stringify(queueOn(this.kiosk.live.board, this.service.queue));
  }

  get doubt() {
    return doubtOf(this.outlook);
  }

  /** The hall's answer of a moment ago is newer than the catalogue. */
  get state() {
    const state = stateOf(this.service, this.kiosk.live);
    return state === "open" && this.outlook?.open === false ? (this.outlook.state ?? "closed") : state;
  }

  redraw() {
    const { catalogue, live } = this.kiosk;
    this.service = catalogue.services.get(this.service.code) ?? this.service;
    const queue = queueOn(live.board, this.service.queue);
    this.say("waiting", line(waitingSentence(queue?.waiting ?? null), calledWhen(queue?.estimate)));
    const obstacle = this.press ? "" : obstacleOf(this.state, this.service, this.outlook);
    for (const name of ["take", "priority"]) this.part(name).hidden = Boolean(obstacle);
    const hint = obstacle || (this.press ? "" : this.doubt);
    if (hint || this.hint) this.warn(hint);
    this.hint = hint;
    this.drawAdd(obstacle);
    this.drawn();
    this.lookAgain();
  }

  /** With other services picked already, this one joins them instead of a number of its own. */
  drawAdd(obstacle) {
    const { basket } = this.kiosk;
    const isJoining = basket.codes.length > 0 && !this.press;
    this.part("add").hidden = Boolean(obstacle) || (basket.isFull && !basket.has(this.service.code));
    this.part("add").classList.toggle("main", isJoining);
    if (isJoining) this.part("take").hidden = this.part("priority").hidden = true;
    const words = isJoining ? gettext("Tambahkan ke kunjungan") : gettext("Tambah layanan lain");
    this.say("add-words", words);
  }

  add() {
    const { basket } = this.kiosk;
    const isFirst = !basket.codes.length;
    basket.add(this.service.code);
    if (isFirst) this.kiosk.home();
    else this.kiosk.go("review");
  }

  aloud(voice) {
    return [voice.service(this.service)];
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

  /** Where the groups leave no room to read, they fold; a list still too long is turned by a button. */
  drawn() {
    const list = this.part("needs");
    this.node.removeAttribute("data-crowded");
    this.part("more").hidden = true;
    this.node.toggleAttribute("data-crowded", this.isCrowded(list));
    const isLonger = list.scrollHeight > list.clientHeight + 2;
    this.part("more").hidden = !isLonger;
    if (isLonger) list.tabIndex = 0;
    else list.removeAttribute("tabindex");
  }

  isCrowded(list) {
    const facts = this.node.querySelector(".facts");
    const lines = LEAST_LINES * parseFloat(getComputedStyle(list).fontSize);
    return facts.scrollHeight > facts.clientHeight + 2 || list.clientHeight < Math.min(list.scrollHeight, lines) - 2;
  }

  turnNeeds() {
    const list = this.part("needs");
    const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 2;
    list.scrollTop = isAtEnd ? 0 : list.scrollTop + list.clientHeight * 0.8;
  }
}

function itemOf(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}
