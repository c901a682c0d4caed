/* Which screen of the kiosk is showing, and how does one come back? */

import { setAppearance } from "./appearance.js";
import { clockTime, longDate, zoneName, zoneOf } from "./clock.js";
import { AgencyScreen } from "./kiosk/agency.js";
import { Care } from "./kiosk/care.js";
import { Catalogue } from "./kiosk/catalogue.js";
import { Aloud } from "./kiosk/aloud.js";
import { Basket } from "./kiosk/basket.js";
import { readDevice } from "./kiosk/device.js";
import { Doubt } from "./kiosk/doubt.js";
import { EventsScreen } from "./kiosk/events.js";
import { Finding } from "./kiosk/finding.js";
import { Help } from "./kiosk/help.js";
import { Idle } from "./kiosk/idle.js";
import { LockedScreen } from "./kiosk/locked.js";
import { NumberScreen } from "./kiosk/number.js";
import { keptPress, pressIsWritten, recallPress } from "./kiosk/press.js";
import { ReviewScreen } from "./kiosk/review.js";
import { ServiceScreen } from "./kiosk/service.js";
import { Start } from "./kiosk/start.js";
import { LiveBoard } from "./live.js";
import { startWithoutServer } from "./offline.js";

const HOME_LANGUAGE = "id";
const REFRESH = 5 * 60_000;
const TURNS = "[data-open], [data-go], [data-language-link], [data-appearance], [data-help]";
const AT_REST = 50; // seconds: as long as a person elsewhere is asked and waited for

class Kiosk {
  constructor() {
    const root = document.documentElement;
    this.stage = document.getElementById("main");
    this.title = document.title;
    this.catalogue = new Catalogue(JSON.parse(document.getElementById("catalogue").textContent), root.lang);
    this.live = new LiveBoard(root.dataset.hall);
    this.care = new Care(root.dataset.hall);
    this.device = readDevice();
    this.basket = new Basket(this.catalogue);
    this.help = new Help(this);
    this.doubt = new Doubt(this);
    this.screens = {
      start: new Start(this, document.getElementById("start")),
      search: new Finding(this),
      events: new EventsScreen(this),
      agency: new AgencyScreen(this),
      service: new ServiceScreen(this),
      review: new ReviewScreen(this),
      number: new NumberScreen(this),
      locked: new LockedScreen(this),
    };
    this.aloud = new Aloud(this);
    this.idle = new Idle(() => this.reset());
    this.trail = [];
    this.refreshedAt = performance.now();
    this.now = { name: "start" };
  }

  /** What was pressed before a power cut comes first: until it is read, a touch does nothing yet. */
  async start() {
    await recallPress();
    document.addEventListener("click", (event) => this.mindDoubleTap(event), { capture: true });
    document.addEventListener("click", (event) => this.touched(event));
    document.addEventListener("keydown", (event) => this.typed(event));
    window.addEventListener("resize", () => this.screen.redraw());
    this.live.addEventListener("board", () => this.heard());
    for (const news of ["stale", "fresh"]) this.live.addEventListener(news, () => this.drawAlarm());
    this.live.addEventListener("fresh", () => this.refreshCatalogue());
    this.live.addEventListener("turned-away", () => location.reload());
    document.addEventListener("turned-away", () => location.reload());
    document.addEventListener("device", ({ detail }) => this.become(detail));
    this.live.start();
    this.care.start();
    setInterval(() => this.tick(), 1000);
    this.drawBar();
    this.drawBasket();
    this.stage.inert = false; // as it came, for nobody had listened yet
    this.resume();
    document.documentElement.dataset.ready = "";
  }

  /** After a reload: a press without an answer first, else the screen that was showing. */
  resume() {
    const kept = keptPress();
    const codes = kept?.body.services ?? [];
    if (codes.length && codes.every((code) => this.catalogue.services.has(code))) {
      if (codes.length > 1) this.basket.become({ codes });
      this.go(codes.length > 1 ? "review" : "service", codes[0], { isResumed: true });
      return;
    }
    const [, name, subject] = /^#\/(\w+)\/?(\w*)$/.exec(location.hash) ?? [];
    if (this.device.locked) this.show("locked");
    else if (name && this.knows(name, subject)) this.go(name, subject);
    else this.screen.enter();
  }

  knows(name, subject) {
    if (name === "agency") return this.catalogue.agencies.has(subject);
    if (name === "service") return this.catalogue.services.has(subject);
    return ["search", "events", "review"].includes(name);
  }

  /** The hall has changed this kiosk's settings, or locked it; nobody is thrown out in the middle. */
  become(device) {
    Object.assign(this.device, device);
    if (this.now.name === "locked" && !this.device.locked) this.home();
    else if (this.now.name === "start" && this.device.locked) this.show("locked");
  }

  // --- The way -------------------------------------------------------------------------------------

  get screen() {
    return this.screens[this.now.name];
  }

  go(name, subject, memory) {
    this.trail.push({ ...this.now, memory: this.screen.place });
    this.show(name, subject, memory);
  }

  back() {
    const { name, subject, memory } = this.trail.pop() ?? { name: "start" };
    this.show(name, subject, memory);
  }

  home() {
    this.trail = [];
    this.show("start");
  }

  show(name, subject, memory) {
    this.shownAt = performance.now();
    this.screen.leave();
    if (name === "start") this.trail = [];
    if (name === "start" && this.device.locked) [name, subject] = ["locked", undefined];
    this.now = { name, subject };
    const { screen } = this;
    this.stage.replaceChildren(screen.node);
    this.drawBasket();
    screen.enter(subject, memory);
    screen.redraw();
    this.drawBar();
    this.remember(name, subject);
    screen.heading.focus({ preventScroll: true });
  }

  /** The second tap of two was meant for the screen before, whatever lies under the finger by now. */
  mindDoubleTap(event) {
    if (event.detail <= 1) this.tappedAt = event.timeStamp;
    else if (this.shownAt > this.tappedAt) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  remember(name, subject) {
    const isLasting = !["start", "number", "locked"].includes(name);
    const hash = isLasting ? `#/${name}/${subject ?? ""}` : "";
    history.replaceState(null, "", `${location.pathname}${hash}`);
    document.title = name === "start" ? this.title : `${screenName(this.screen)} – ${this.title}`;
  }

  /** The next person begins at the start, in Indonesian, in the usual look. */
  reset() {
    for (const question of [this.idle, this.help, this.doubt]) question.dismiss();
    this.aloud.stop();
    this.basket.clear();
    this.home();
    setAppearance("contrast", "");
    setAppearance("text", "");
    if (this.catalogue.language !== HOME_LANGUAGE) this.speak(`?lang=${HOME_LANGUAGE}`);
  }

  // --- What happens --------------------------------------------------------------------------------

  touched(event) {
    const target = event.target.closest(TURNS);
    if (!target) return;
    const { open, code, go } = target.dataset;
    if (open) this.open(open, code);
    else if (go) this.turn(go);
    else if (target.dataset.appearance) this.screen.redraw();
    else if ("help" in target.dataset) this.askForHelp();
    else {
      event.preventDefault();
      this.speak(target.getAttribute("href"));
    }
  }

  askForHelp() {
    this.aloud.draw();
    this.help.open();
  }

  typed(event) {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) this.turn("back");
  }

  /** Whether the way is barred: nothing to go back to, or a number is being taken. */
  get isHere() {
    return this.screen.isBusy || ["start", "locked"].includes(this.now.name);
  }

  open(name, code) {
    if (!this.screen.isBusy) this.go(name, code);
  }

  turn(way) {
    if (this.isHere) return;
    if (this.now.name === "number") this.reset();
    else this[way]();
  }

  /** Load the page in another language, but only when the hall answers: an error page helps nobody. */
  async speak(address) {
    if (!(await this.catalogue.refresh())) {
      this.drawAlarm(gettext("Bahasa belum dapat diganti: server belum menjawab."));
      return;
    }
    this.stage.inert = true; // from here on a touch would be lost with this page
    await pressIsWritten();
    location.replace(`${location.pathname}${address}${location.hash}`);
  }

  heard() {
    if (!this.live.isRemembered) this.day ??= this.live.board.date;
    this.noteStatuses();
    this.screen.redraw();
    this.drawClock();
    this.drawAlarm();
  }

  tick() {
    this.drawClock();
    this.screen.tick();
    this.help.tick();
    if (this.screen.isBusy) this.idle.touch();
    else if (this.isHere && !this.basket.isHeld) this.rest();
    else if (this.now.name !== "number") this.idle.tick();
  }

  /** A queue that opens or closes changes what the catalogue says of its services. */
  noteStatuses() {
    const statuses = this.live.board.queues.map(({ status }) => status).join();
    const isNews = this.statuses && this.statuses !== statuses;
    this.statuses = statuses;
    if (isNews) this.refreshCatalogue();
  }

  /** Nobody has touched the start for a while: undo the last person's wishes, look for news. */
  rest() {
    if (this.idle.quietFor < AT_REST) return;
    if (this.isChanged) {
      this.idle.touch();
      this.reset();
    } else if (this.care.isOutdated) {
      location.reload();
    } else if (performance.now() - this.refreshedAt > REFRESH) {
      this.refreshCatalogue().then(() => this.isOutdated && location.reload());
    }
  }

  /** Whether the start shows in another look or language than the next person expects. */
  get isChanged() {
    const { contrast, text } = document.documentElement.dataset;
    return Boolean(contrast || text) || this.catalogue.language !== HOME_LANGUAGE;
  }

  /** Whether the page is of another day, or of other agencies, and the hall could send a new one. */
  get isOutdated() {
    const isOther = String(this.screens.start.agencies) !== String([...this.catalogue.agencies.keys()]);
    return this.isRefreshed && this.isHere && (isOther || this.isOfAnotherDay);
  }

  get isOfAnotherDay() {
    return Boolean(this.day && this.live.board) && this.day !== this.live.board.date;
  }

  async refreshCatalogue() {
    this.refreshedAt = performance.now();
    this.isRefreshed = await this.catalogue.refresh();
    if (this.isRefreshed) this.screen.redraw();
  }

  // --- What is always there ------------------------------------------------------------------------

  drawBar() {
    for (const button of document.querySelectorAll("[data-go]")) {
      button.setAttribute("aria-disabled", String(this.isHere));
    }
  }

  /** What was picked so far stays in sight on the way to the next service. */
  drawBasket() {
    const strip = document.querySelector("[data-basket]");
    const { services } = this.basket;
    strip.hidden = !services.length || !["start", "search", "agency", "events"].includes(this.now.name);
    const text = ngettext("%s layanan dipilih:", "%s layanan dipilih:", services.length);
    say("[data-basket-count]", interpolate(text, [services.length]));
    say("[data-basket-names]", services.map(({ name, aliases }) => this.catalogue.everyday(name, aliases)).join(", "));
  }

  drawClock() {
    const { board } = this.live;
    if (!board) return;
    const zone = zoneOf(board.at);
    const now = this.live.now();
    say("[data-clock]", `${clockTime(zone, now)} ${zoneName(zone)}`);
    say("[data-date]", longDate(zone, now, this.catalogue.language));
  }

  drawAlarm(text = this.live.isStale ? staleSentence() : "") {
    const alarm = document.querySelector("[data-alarm]");
    alarm.hidden = !text;
    say("[data-alarm]", text);
  }
}

function staleSentence() {
  return gettext("Sambungan terputus, mencoba lagi. Jika nomor belum keluar, silakan ke resepsionis.");
}

function screenName({ heading, node }) {
  return (heading.tagName === "H1" ? heading : node.querySelector("h1")).textContent.trim();
}

function say(selector, text) {
  const node = document.querySelector(selector);
  if (node.textContent !== text) node.textContent = text;
}

new Kiosk().start();
startWithoutServer();
