/* Where am I in the line? The visit on a phone: from the hall's board what can be seen there at once,
 * and the rest from the visit itself, asked only when something in my own queue has changed. */

import { clockTime, zoneOf } from "./clock.js";
import { LiveBoard } from "./live.js";
import { newKey, send } from "./post.js";

const LEAST_PAUSE = 3_000;
const JITTER = 2_000;
const ANSWER = 8_000;
const CANCELLABLE = new Set(["waiting", "called"]);
const BUZZ = [400, 200, 400, 200, 800];

class Visit {
  constructor(about) {
    Object.assign(this, about);
    this.live = new LiveBoard(document.documentElement.dataset.hall, { spread: 10_000 });
    this.signs = null;
    this.askedAt = 0;
    this.asking = null;
    this.keys = new Map();
    this.buzzedFor = "";
  }

  start() {
    this.live.addEventListener("board", () => this.heard());
    this.live.addEventListener("stale", () => this.drawCut());
    this.live.addEventListener("fresh", () => this.drawCut());
    this.live.start();
    document.addEventListener("click", (event) => this.touched(event.target));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.askSoon(0));
    this.draw();
  }

  // --- What changes --------------------------------------------------------------------------------

  heard() {
    if (this.live.isRemembered) return;
    this.drawCut();
    const signs = JSON.stringify(this.tickets.map((ticket) => this.signsOf(ticket)));
    if (signs === this.signs) return;
    const isFirst = this.signs === null;
    this.signs = signs;
    const isDown = this.takeIncidents();
    const isCalled = this.takeCalls();
    if (isCalled || isDown) this.draw();
    this.askSoon(isCalled || isFirst ? 0 : Math.random() * JITTER);
  }

  /** All that the board says about a ticket and those around it. */
  signsOf({ label, queue }) {
    const { queues, counters, calls } = this.live.board;
    return [
      queues.find(({ code }) => code === queue)?.waiting,
      queues.find(({ code }) => code === queue)?.incident_since,
      counters.filter(({ ticket }) => ticket?.label === label).map(({ number, ticket }) => [number, ticket.state]),
      calls.find((call) => call.queue === queue)?.version,
      calls.find((call) => call.label === label)?.version,
    ];
  }

  /** A number of mine stands on the board as called: show it without asking anybody. */
  takeCalls() {
    let isCalled = false;
    for (const { number, ticket: shown } of this.live.board.counters) {
      const ticket = shown?.state === "called" && this.tickets.find(({ label }) => label === shown.label);
      if (!ticket || (ticket.state === "called" && ticket.calls === shown.calls)) continue;
      Object.assign(ticket, { state: "called", counter: number, calls: shown.calls, ahead: null });
      isCalled = true;
    }
    return isCalled;
  }

  /** The board also says whether the system of a queue of mine is down, or works again. */
  takeIncidents() {
    const codes = this.live.board.queues.filter((queue) => queue.incident_since).map(({ code }) => code);
    const isNews = this.tickets.some(({ queue }) => codes.includes(queue) !== this.down.includes(queue));
    this.down = codes;
    return isNews;
  }

  askSoon(pause) {
    if (this.asking) return;
    const since = performance.now() - this.askedAt;
    this.asking = setTimeout(() => this.ask(), Math.max(pause, LEAST_PAUSE - since));
  }

  async ask() {
    this.askedAt = performance.now();
    const tickets = await this.answer();
    this.asking = null;
    if (!tickets) return;
    const isKnown = tickets.every(({ services }) => services.every((code) => code in this.services));
    if (!isKnown) location.reload();
    this.tickets = tickets;
    this.draw();
  }

  async answer() {
    try {
      const signal = AbortSignal.timeout?.(ANSWER);
      const response = await fetch(`/api/v1/visits/${this.token}`, { cache: "no-store", signal });
      if (response.status === 404) location.reload();
      return response.ok ? (await response.json()).tickets : null;
    } catch {
      return null;
    }
  }

  // --- What shows ----------------------------------------------------------------------------------

  draw() {
    const [first, ...others] = [...this.tickets].sort((a, b) => this.compare(a, b));
    const node = part("first");
    this.drawTicket(node, first);
    document.body.dataset.state = first.state;
    document.title = `${first.label} · ${this.told(first)[0]}`;
    part("priority", node).hidden = !first.priority;
    part("estimate", node).hidden = first.state !== "waiting" || Boolean(this.downOf(first));
    say(part("where", node), this.whereOf(first));
    const recall = first.state === "called" && first.calls > 1;
    part("recall", node).hidden = !recall;
    say(part("recall", node), recall ? interpolate(gettext("Panggilan ke-%s"), [first.calls]) : "");
    this.drawOthers(others);
    this.buzz(first);
  }

  drawOthers(others) {
    document.querySelector(".others").hidden = !others.length;
    const list = part("others");
    while (list.children.length > others.length) list.lastElementChild.remove();
    while (list.children.length < others.length) list.append(otherNode());
    others.forEach((ticket, place) => {
      this.drawTicket(list.children[place], ticket);
      say(part("name", list.children[place]), ticket.label);
    });
  }

  drawTicket(node, ticket) {
    const [title, sentence] = this.told(ticket);
    node.dataset.state = ticket.state;
    say(part("label", node), ticket.label);
    say(part("state", node), title);
    say(part("sentence", node), sentence);
    part("down", node).hidden = !this.downOf(ticket);
    say(part("down", node), this.downOf(ticket));
    const cancel = part("cancel", node);
    cancel.dataset.id = ticket.id;
    cancel.hidden = !CANCELLABLE.has(ticket.state);
  }

  told(ticket) {
    const isNext = ticket.state === "waiting" && ticket.ahead === 0;
    const [title, sentence] = this.words[isNext ? "next" : ticket.state];
    return [title, interpolate(sentence, ticket, true)];
  }

  /** That the agency's system is down, for a number that is not at a counter. */
  downOf({ queue, state, services }) {
    if (!this.down.includes(queue) || !this.lingering.includes(state)) return "";
    const [sentence, anyAgency] = this.downWords;
    return interpolate(sentence, { agency: this.services[services[0]]?.agency ?? anyAgency }, true);
  }

  /** The most urgent number first; of those that wait, the nearest. */
  compare(a, b) {
    return this.urgencyOf(a) - this.urgencyOf(b) || (a.ahead ?? 0) - (b.ahead ?? 0);
  }

  urgencyOf({ state }) {
    const place = this.urgency.indexOf(state);
    return place < 0 ? this.urgency.length : place;
  }

  /** "Disdukcapil · Zona A" while waiting, so that one waits in the right place. */
  whereOf({ state, services }) {
    const { agency, zone } = this.services[services[0]] ?? {};
    if (!agency || !["waiting", "no_show", "on_hold"].includes(state)) return "";
    return zone ? `${agency} · ${interpolate(gettext("Zona %s"), [zone])}` : agency;
  }

  /** Each call shakes the phone once. A browser may refuse before the page was touched. */
  buzz({ state, label, calls }) {
    const call = state === "called" ? `${label}/${calls}` : "";
    const mayBuzz = navigator.userActivation?.hasBeenActive ?? true;
    if (call && call !== this.buzzedFor && mayBuzz) navigator.vibrate?.(BUZZ);
    this.buzzedFor = call;
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

  // --- Giving the place up -------------------------------------------------------------------------

  touched(target) {
    const name = target.closest("[data-part]")?.dataset.part;
    const dialog = document.getElementById("cancel");
    if (name === "cancel") this.askToCancel(target.closest("button").dataset.id, dialog);
    else if (name === "no") dialog.close();
    else if (name === "yes") this.cancel(dialog);
  }

  askToCancel(id, dialog) {
    const { label } = this.tickets.find((ticket) => ticket.id === id);
    dialog.dataset.id = id;
    say(part("question", dialog), interpolate(gettext("Batalkan nomor %s?"), [label]));
    part("refusal").hidden = true;
    dialog.showModal();
  }

  async cancel(dialog) {
    const { id } = dialog.dataset;
    const yes = part("yes", dialog);
    if (!this.keys.has(id)) this.keys.set(id, newKey());
    yes.disabled = true;
    try {
      await send(`/api/v1/visits/${this.token}/tickets/${id}/cancel`, {}, { key: this.keys.get(id) });
      await this.ask();
    } catch (refusal) {
      if (!refusal.isUnknown) this.keys.delete(id);
      part("refusal").hidden = false;
      say(part("refusal"), refusal.message);
      this.askSoon(0);
    } finally {
      yes.disabled = false;
      dialog.close();
    }
  }
}

function otherNode() {
  return document.getElementById("other").content.firstElementChild.cloneNode(true);
}

function part(name, within = document) {
  return within.querySelector(`[data-part="${name}"]`);
}

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

new Visit(JSON.parse(document.getElementById("visit").textContent)).start();
