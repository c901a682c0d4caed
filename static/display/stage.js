/* Which call is large now?
 *
 * Several calls at once queue up: each stays large for at least 5 s while others wait, and stands
 * out for 8 s otherwise. What was called before this screen looked is shown, but not raised; what
 * is older than 45 s when it is learned of goes to the list only.
 */

import { TOO_OLD } from "../voice/news.js";

export const RAISED = 8_000;
const WHILE_OTHERS_WAIT = 5_000;

export class Stage {
  constructor() {
    this.epoch = null;
    this.seen = 0;
    this.call = null;
    this.since = -Infinity;
    this.waiting = [];
  }

  /** Take in the calls of a board, newest first; `now` is the server's time in milliseconds. */
  take(epoch, calls, now) {
    if (epoch !== this.epoch) this.begin(epoch, calls);
    const fresh = calls.filter((call) => call.version > this.seen);
    const recent = fresh.filter((call) => now - new Date(call.at) < TOO_OLD);
    if (fresh.length && !recent.length) this.waiting = [];
    if (fresh.length && !recent.length) this.settle(fresh[0]);
    this.waiting.push(...recent.reverse());
    this.waiting = this.waiting.filter((call, i, all) => !isCalledAgainLater(call, all.slice(i + 1)));
    this.seen = Math.max(this.seen, ...calls.map((call) => call.version));
    if (!calls.length) this.clear();
  }

  /** Return what to show at `now` (any steady clock): the call, and whether it still stands out. */
  at(now) {
    const held = now - this.since;
    if (this.waiting.length && (held >= WHILE_OTHERS_WAIT || !this.call)) {
      this.call = this.waiting.shift();
      this.since = now;
    }
    return { call: this.call, isRaised: now - this.since < RAISED };
  }

  begin(epoch, calls) {
    this.epoch = epoch;
    this.seen = calls[0]?.version ?? 0;
    this.waiting = [];
    this.settle(calls[0] ?? null);
  }

  settle(call) {
    this.call = call;
    this.since = -Infinity;
  }

  /** A new day: nobody was called yet. */
  clear() {
    this.waiting = [];
    this.settle(null);
  }
}

function isCalledAgainLater(call, later) {
  return later.some((other) => other.label === call.label && other.counter === call.counter);
}

/** The calls without those that were repeated since, so that a recall takes one line, not two. */
export function distinct(calls) {
  const isFirst = (call, i) => calls.findIndex((other) => other.label === call.label) === i;
  return calls.filter(isFirst);
}
