/* Which calls have not been heard yet?
 *
 * What was called before this screen looked is never spoken, and neither is what is older than 45 s
 * when the screen learns of it: after a cut it shows the true state and repeats nothing.
 */

export const TOO_OLD = 45_000;

export class News {
  constructor() {
    this.epoch = null;
    this.seen = 0;
  }

  /** Take in the calls of a board, newest first, and return the new ones, oldest first. */
  take(epoch, calls, now) {
    const isFirst = epoch !== this.epoch;
    const fresh = calls.filter(({ version, at }) => version > this.seen && now - new Date(at) < TOO_OLD);
    this.seen = Math.max(isFirst ? 0 : this.seen, ...calls.map(({ version }) => version));
    this.epoch = epoch;
    return isFirst ? [] : fresh.reverse();
  }
}
