/* Shall the next one be called by itself? Where the hall wants it: after a countdown, unless paused. */

import { part, tellAloud } from "./part.js";
import { secondsTo } from "./words.js";

export class Offer {
  /** `call` presses what the main button says; `isAway` tells that this page must not press. */
  constructor(desk, { call, isAway }) {
    Object.assign(this, { desk, call, isAway, due: null, isPaused: false });
    part["offer-pause"].addEventListener("click", () => this.pause());
    part["offer-go-on"].addEventListener("click", () => this.goOn());
  }

  pause() {
    this.isPaused = true;
    this.tick();
    part["offer-go-on"].focus();
  }

  goOn() {
    this.isPaused = false;
    this.due = null;
    this.tick();
    part["offer-pause"].focus();
  }

  /** Who would be called; nobody while there is somebody here, a question is open, or we know little. */
  next() {
    const { state, live } = this.desk;
    const isIdle = state.counter.status === "open" && !state.current && state.offer_after;
    if (!isIdle || live.isStale || this.isAway()) return null;
    return state.next.find(({ callable }) => callable) ?? null;
  }

  tick() {
    const { state, live } = this.desk;
    if (state.current) this.isPaused = false;
    const next = this.next();
    part["offer-bar"].hidden = !next || this.isPaused;
    part["offer-paused"].hidden = !next || !this.isPaused;
    if (!next || this.isPaused) return (this.due = null);
    if (this.due === null) this.begin(next);
    const left = secondsTo(this.due, live.now());
    part["offer-words"].textContent = interpolate(gettext("Nomor %s dipanggil dalam %s dtk"), [next.label, left]);
    if (left === 0) this.fulfil();
  }

  /** Not before a mistake could be taken back. */
  begin(next) {
    const { state, live } = this.desk;
    const after = live.now().getTime() + state.offer_after * 1000;
    this.due = new Date(Math.max(after, state.undo ? new Date(state.undo.until) : 0));
    const words = gettext("Nomor %s akan dipanggil otomatis dalam %s detik. Tombol Tunda menahannya.");
    tellAloud(interpolate(words, [next.label, secondsTo(this.due, live.now())]));
  }

  fulfil() {
    this.due = null;
    part["offer-bar"].hidden = true;
    this.call();
  }
}
