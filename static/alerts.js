/* What needs a person now? Asked for every 5 s while somebody looks, and after every board.
 *
 *   const alerts = new Alerts(live, { canAnswer: true });
 *   alerts.addEventListener("help", () => chime());    // somebody has just asked for a hand
 *   alerts.start(about.alerts);
 *
 * A row stays the same element for as long as its alert lasts, so a finger on it is never too late.
 */

import { clockTime, zoneOf } from "./clock.js";
import { newKey, send } from "./post.js";

const EVERY = 5_000;
const BETWEEN = 1_000;
const OLD = 15_000;
const PATIENCE = 4_000;
const CLASSES = { help_asked: "danger", no_counter: "danger", incident: "danger" };

const root = document.documentElement;
const part = (name) => document.getElementById(name);
const nameOf = ({ kind, code }) => `${kind} ${code}`;

function kindWord(kind) {
  const words = {
    help_asked: gettext("Bantuan"),
    printer: gettext("Pencetak"),
    device_silent: gettext("Perangkat"),
    no_counter: gettext("Tanpa loket"),
    incident: gettext("Gangguan"),
    long_wait: gettext("Menunggu lama"),
    quota_low: gettext("Kuota"),
  };
  return words[kind] ?? kind;
}

export class Alerts extends EventTarget {
  constructor(live, { canAnswer = false, linksTo = () => false } = {}) {
    super();
    Object.assign(this, { live, canAnswer, linksTo });
    this.address = `/api/v1/halls/${root.dataset.hall}`;
    this.rows = new Map();
    this.keys = new Map();
    this.heardAt = performance.now();
    this.isFirst = true;
  }

  start(painted) {
    this.show(painted);
    setInterval(() => this.tick(), EVERY);
    this.live.addEventListener("board", () => this.lookSoon());
    document.addEventListener("visibilitychange", () => this.tick());
  }

  tick() {
    if (document.visibilityState === "visible") this.look();
  }

  lookSoon() {
    this.soon ??= setTimeout(() => {
      this.soon = null;
      this.tick();
    }, BETWEEN);
  }

  /** Look; what is asked for during a look is looked for once more after it. */
  async look() {
    this.isOutdated = true;
    if (this.isLooking) return;
    this.isLooking = true;
    while (this.isOutdated) {
      this.isOutdated = false;
      await this.ask();
    }
    this.isLooking = false;
  }

  async ask() {
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const response = await fetch(`${this.address}/alerts`, { cache: "no-store", signal });
      if (response.status === 401) location.reload();
      if (response.ok) this.show((await response.json()).alerts);
    } catch {
      // Said below, once it has lasted.
    }
    part("alerts-old").hidden = performance.now() - this.heardAt < OLD;
  }

  show(alerts) {
    this.heardAt = performance.now();
    const news = alerts.filter((alert) => !this.rows.has(nameOf(alert)));
    this.rows = new Map(alerts.map((alert) => [nameOf(alert), this.rowOf(alert)]));
    this.place([...this.rows.values()]);
    part("alerts-none").hidden = alerts.length > 0;
    this.count(alerts.length);
    if (!this.isFirst && news.length) this.announce(news);
    this.isFirst = false;
  }

  /** Of a long list not all is in sight: say how many there are, where the page has room for it. */
  count(many) {
    const place = part("alerts-count");
    if (!place) return;
    place.hidden = many === 0;
    place.textContent = interpolate(ngettext("%s perlu perhatian", "%s perlu perhatian", many), [many]);
  }

  /** Put the rows in their order without taking any of them off the page first. */
  place(rows) {
    const list = part("alerts");
    for (const row of [...list.children]) if (!rows.includes(row)) row.remove();
    rows.forEach((row, i) => list.children[i] === row || list.insertBefore(row, list.children[i] ?? null));
  }

  announce(news) {
    part("alerts-news").textContent = news.map((alert) => this.sentence(alert)).join(" ");
    if (news.some(({ kind }) => kind === "help_asked")) this.dispatchEvent(new Event("help"));
  }

  sentence({ sentence }) {
    return sentence[root.lang] ?? sentence.id;
  }

  rowOf(alert) {
    const row = this.rows.get(nameOf(alert)) ?? this.newRow(alert);
    const since = interpolate(gettext("sejak %s"), [clockTime(zoneOf(alert.since), new Date(alert.since))]);
    say(row, { kind: kindWord(alert.kind), sentence: this.sentence(alert), since });
    return row;
  }

  newRow(alert) {
    const row = part("alert-row").content.firstElementChild.cloneNode(true);
    row.dataset.kind = alert.kind;
    row.querySelector(".tag").classList.add(CLASSES[alert.kind] ?? "warn");
    const [button, link] = [row.querySelector("button"), row.querySelector("a")];
    link.href = alert.link;
    if (!this.linksTo(alert)) link.remove();
    if (this.canAnswer && alert.kind === "help_asked") {
      button.addEventListener("click", () => this.answer(alert, button));
    } else button.remove();
    return row;
  }

  async answer({ code }, button) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    if (!this.keys.has(code)) this.keys.set(code, newKey());
    try {
      await send(`${this.address}/help/${code}/answer`, {}, { key: this.keys.get(code) });
      this.tell("");
    } catch (refusal) {
      this.tell(refusal.message);
    } finally {
      button.setAttribute("aria-busy", "false");
    }
    this.look();
  }

  tell(words) {
    part("alerts-refusal").hidden = !words;
    part("alerts-refusal").textContent = words;
  }
}

/** Write only what has changed: a screen reader must not hear the same again. */
function say(row, words) {
  for (const slot of row.querySelectorAll("[data-slot]")) {
    const text = words[slot.dataset.slot];
    if (slot.textContent !== text) slot.textContent = text;
  }
}
