/* Is this screen well, and what shall it be? A sign of life every few seconds, and what it learns.
 *
 *   const care = new Care(hall, device, { sound: () => speaker?.state ?? "", isAtRest, isClosed });
 *   care.addEventListener("check", ({ detail }) => …);   // show and say a test call, then
 *   care.checked(detail.at, "heard");                     // tell what came of it
 *   care.start();
 *
 * A page of an older release or set-up loads itself anew as soon as nobody is being called; and once
 * a night, when the hall is closed, so that no page grows old. Never without a server that answers.
 */

import { send } from "../post.js";

const OFTEN = 10_000;
const JITTER = 4_000; // screens that were switched on together do not knock together
const OLD = 20 * 3_600_000;
const SPREAD = 10 * 60_000; // nor do they load anew together

export class Care extends EventTarget {
  constructor(hall, device, { sound, isAtRest, isClosed }) {
    super();
    Object.assign(this, { device, sound, isAtRest, isClosed });
    this.address = `/api/v1/halls/${hall}/displays/seen`;
    this.loaded = JSON.stringify(device);
    this.oldAt = performance.now() + OLD + Math.random() * SPREAD;
    this.outcome = null;
    this.begun = null;
  }

  start() {
    this.beat();
  }

  async beat() {
    clearTimeout(this.timer);
    await this.tell();
    this.timer = setTimeout(() => this.beat(), OFTEN + Math.random() * JITTER);
  }

  async tell() {
    const check = this.outcome;
    try {
      const { device, check: wanted } = await send(this.address, this.report(check), { patience: 0 });
      if (check === this.outcome) this.outcome = null;
      this.begin(wanted);
      if (this.shouldLoadAnew(device)) location.reload();
    } catch (refusal) {
      if (refusal.status === 401) this.dispatchEvent(new Event("turned-away"));
    }
  }

  report(check) {
    return {
      release: this.device.release,
      screen: `${innerWidth}x${innerHeight}@${Math.round(devicePixelRatio * 100) / 100}`,
      sound: this.sound(),
      ...(check && { check }),
    };
  }

  shouldLoadAnew(device) {
    if (!this.isAtRest()) return false;
    return JSON.stringify(device) !== this.loaded || (this.isClosed() && performance.now() > this.oldAt);
  }

  begin(at) {
    if (!at || at === this.begun) return;
    this.begun = at;
    this.dispatchEvent(new CustomEvent("check", { detail: { at } }));
  }

  checked(at, outcome) {
    this.outcome = { at, outcome };
    this.beat();
  }
}
