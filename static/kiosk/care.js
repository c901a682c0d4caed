/* Is this kiosk well, and what shall it be? A sign of life every few seconds, and what it learns.
 *
 *   const care = new Care(hall);
 *   care.start();
 *   care.isOutdated  // load the page anew, at rest
 *
 * The document hears `device` (its detail: locked, sound, ...) when the kiosk was set up anew, and
 * `turned-away` when it was revoked. What a manager asks the kiosk to print, it prints, once.
 */

import { Bridge } from "../bridge.js";
import { send } from "../post.js";
import { printSample, printSlip, setUp } from "./slip.js";

const OFTEN = 10_000;
const JITTER = 4_000; // kiosks that were switched on together do not knock together
const NEEDS_A_NEW_PAGE = ["release", "printer", "paper", "bridge", "language"];

export class Care {
  constructor(hall) {
    this.address = `/api/v1/halls/${hall}/kiosks/seen`;
    this.loaded = setUp(); // as it was when the page was made
    this.device = this.loaded;
    this.done = new Map();
  }

  start() {
    this.beat();
  }

  /** Whether the page is of an older release, or of a set-up that only a new page can take on. */
  get isOutdated() {
    return NEEDS_A_NEW_PAGE.some((name) => this.loaded[name] !== this.device[name]);
  }

  async beat() {
    clearTimeout(this.timer);
    const hasNews = await this.tell();
    this.timer = setTimeout(() => this.beat(), hasNews ? 0 : OFTEN + Math.random() * JITTER);
  }

  /** Tell the hall how we are; return whether there is more to tell at once. */
  async tell() {
    const done = [...this.done].filter(([, outcome]) => outcome).map(([id, outcome]) => ({ id, outcome }));
    try {
      const { device, job } = await send(this.address, await this.report(done), { patience: 0 });
      this.learn(device);
      return job ? await this.work(job) : false;
    } catch (refusal) {
      if (refusal.status === 401) document.dispatchEvent(new Event("turned-away"));
      return false;
    }
  }

  async report(done) {
    const { printer, bridge, release } = this.loaded;
    return {
      release,
      screen: `${innerWidth}x${innerHeight}@${devicePixelRatio}`,
      printer: printer === "escpos" ? await new Bridge(bridge).state() : "",
      done: done.slice(-10),
    };
  }

  learn(device) {
    const before = this.device;
    this.device = device;
    const isOther = Object.keys(device).some((name) => device[name] !== before[name]);
    if (isOther) document.dispatchEvent(new CustomEvent("device", { detail: device }));
  }

  async work({ id, kind, ticket, visit }) {
    if (this.done.has(id)) return false;
    this.done.set(id, "");
    const job = `printjob-${id}`;
    const outcome = kind === "test" ? await printSample(job) : (await printSlip([ticket], { token: visit }, { job })).outcome;
    this.done.set(id, outcome);
    return true;
  }
}
