/* Where am I in the line? The visit on a phone, told by the hall whenever something of it changes. */

import { clockTime, zoneOf } from "./clock.js";
import { Alarm } from "./follow/alarm.js";
import { LiveVisit } from "./follow/live_visit.js";
import { Push } from "./follow/push.js";
import { Wishes } from "./follow/wishes.js";
import { isAway, Words } from "./follow/words.js";

const TICK = 10_000;

class Visit {
  constructor(about) {
    this.about = about;
    this.state = about.state;
    this.words = new Words(about);
    this.live = new LiveVisit(about.token);
    this.alarm = new Alarm((words) => say(part("alarm"), words));
    this.push = new Push(about.token, about.push);
    this.wishes = new Wishes(about.token, {
      visit: this,
      choices: about.choices,
      services: about.services,
      onAnswer: () => this.live.poll(),
      onRefusal: (words) => this.refuse(words),
    });
  }

  start() {
    this.live.addEventListener("board", () => this.take(this.live.board));
    this.live.addEventListener("stale", () => this.drawCut());
    this.live.addEventListener("fresh", () => this.drawCut());
    this.live.addEventListener("forgotten", () => location.reload());
    this.live.start(this.state);
    setInterval(() => this.draw(), TICK); // who was away is back by the clock, too
    part("alerts").hidden = false;
    part("alerts-on").addEventListener("click", ({ currentTarget }) => this.wantAlerts(currentTarget));
  }

  get tickets() {
    return this.state.tickets;
  }

  ticket(id) {
    return this.tickets.find((ticket) => ticket.id === id);
  }

  /** A number of a service that this page knows nothing of is told by a new page. */
  take(state) {
    const isKnown = state.tickets.every(({ services }) => services.every((code) => code in this.about.services));
    if (!isKnown) location.reload();
    this.state = state;
    this.drawCut();
    this.draw();
  }

  orderWithFirst(id) {
    const waiting = this.words.inOrder(this.state).filter(({ state }) => state === "waiting");
    return [id, ...waiting.map((ticket) => ticket.id).filter((each) => each !== id)];
  }

  /** On or off again; sound and shaking while the page is open, and by the hall when it is shut. */
  async wantAlerts(button) {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isOn));
    say(button, isOn ? gettext("Matikan pemberitahuan") : gettext("Aktifkan pemberitahuan"));
    if (!isOn) return this.endAlerts();
    await this.alarm.begin();
    say(part("alerts-told"), gettext("Pemberitahuan aktif selama halaman ini terbuka."));
    const isTold = await this.push.begin();
    if (isTold) say(part("alerts-told"), gettext("Pemberitahuan aktif, juga saat halaman ini ditutup."));
    return isTold;
  }

  endAlerts() {
    this.alarm.end();
    say(part("alerts-told"), gettext("Pemberitahuan mati. Perhatikan layar di ruang tunggu."));
    return this.push.end();
  }

  refuse(words) {
    part("refusal").hidden = !words;
    say(part("refusal"), words);
    if (words) part("refusal").scrollIntoView({ block: "nearest" });
  }

  // --- What shows ----------------------------------------------------------------------------------

  draw() {
    const [first, ...others] = this.words.inOrder(this.state);
    const node = part("first");
    this.drawTicket(node, first);
    document.body.dataset.state = first.state;
    document.title = `${first.label} · ${this.words.told(first, this.live.now())[0]}`;
    part("priority", node).hidden = !first.priority;
    const recall = first.state === "called" && first.calls > 1;
    part("recall", node).hidden = !recall;
    say(part("recall", node), recall ? interpolate(gettext("Panggilan ke-%s"), [first.calls]) : "");
    const survey = part("survey", node);
    if (survey) survey.hidden = !this.state.tickets.some(({ state }) => state === "done");
    this.drawOthers(others);
    this.drawZones(first);
    this.alarm.look(this.tickets);
  }

  drawOthers(others) {
    document.querySelector(".others").hidden = !others.length;
    const list = part("others");
    while (list.children.length > others.length) list.lastElementChild.remove();
    while (list.children.length < others.length) list.append(otherNode());
    others.forEach((ticket, place) => this.drawTicket(list.children[place], ticket));
  }

  drawTicket(node, ticket) {
    const now = this.live.now();
    const [title, sentence] = this.words.told(ticket, now);
    node.dataset.state = ticket.state;
    node.dataset.away = String(ticket.state === "waiting" && isAway(ticket, now));
    say(part("label", node), ticket.label);
    say(part("wanted", node), this.words.wantedOf(ticket));
    say(part("state", node), title);
    say(part("sentence", node), sentence);
    say(part("time", node), this.words.timeOf(ticket, now));
    part("time", node).dataset.known = String(Boolean(ticket.estimate));
    say(part("where", node), this.words.whereOf(ticket));
    part("down", node).hidden = !this.words.downOf(ticket);
    say(part("down", node), this.words.downOf(ticket));
    this.drawWishes(node, ticket);
  }

  drawWishes(node, ticket) {
    const may = this.mayBeAsked(ticket);
    for (const button of node.querySelectorAll("[data-wish]")) {
      button.hidden = !may.includes(button.dataset.wish);
      button.dataset.id = ticket.id;
    }
    for (const name of node.querySelectorAll("[data-part=name]")) say(name, ticket.label);
    const more = part("more", node);
    if (more) more.hidden = !more.querySelector("[data-wish]:not([hidden])");
  }

  mayBeAsked(ticket) {
    const now = this.live.now();
    const choices = this.about.choices[this.about.services[ticket.services[0]]?.agency] ?? [];
    const may = ticket.may.filter((wish) => (wish === "be-back" ? isAway(ticket, now) : wish !== "change-service" || choices.length > 1));
    const [next] = this.words.inOrder(this.state).filter(({ state }) => state === "waiting");
    return ticket.state === "waiting" && next !== ticket ? [...may, "first"] : may;
  }

  /** The counters to which the first number may be called, or is; and the zone that they are in. */
  drawZones(first) {
    const isOver = !["waiting", "called", "serving", "no_show", "on_hold"].includes(first.state);
    const here = isOver ? [] : this.words.countersOf(first);
    for (const node of document.querySelectorAll("[data-counter]")) {
      node.classList.toggle("here", here.some(([number]) => String(number) === node.dataset.counter));
    }
    for (const node of document.querySelectorAll("svg [data-zone]")) {
      node.classList.toggle("here", here.some(([, zone]) => zone === node.dataset.zone));
    }
  }

  drawCut() {
    const { board, isStale, truthAt } = this.live;
    const node = part("cut");
    node.hidden = !isStale;
    if (!isStale) return;
    const sentence = gettext("Sambungan terputus, mencoba lagi. Perhatikan layar di ruang tunggu.");
    const since = board && truthAt ? interpolate(gettext("Keadaan pukul %s."), [clockTime(zoneOf(board.at), truthAt)]) : "";
    say(node, `${sentence} ${since}`.trim());
  }
}

function otherNode() {
  return document.getElementById("other").content.firstElementChild.cloneNode(true);
}

function part(name, within = document) {
  return within.querySelector(`[data-part="${name}"]`);
}

function say(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

new Visit(JSON.parse(document.getElementById("visit").textContent)).start();
