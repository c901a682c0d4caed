/* Was the number taken? One press, kept before it travels, so that even a power cut cannot double it.
 *
 * The kept press is repeated with the same key and body until the hall has answered; the number
 * screen lets it go. Whoever comes back to it later than a number stays on the screen is asked
 * whether it is theirs, until it is answered, however often the page is loaded meanwhile; what is
 * older than two minutes belonged to somebody who has left.
 */

import { newKey, send } from "../post.js";
import { keep, kept } from "./memory.js";

const SURELY_THE_SAME = 20_000;
const YOUNG = 120_000;

let current = null;
let written = Promise.resolve();

export class Press {
  constructor(body, before = null) {
    this.body = body;
    this.key = before?.key ?? newKey();
    this.isShown = before?.isShown ?? false;
    this.isTakenUp = before !== null;
    this.isDoubtful = before !== null && (before.isDoubtful || Date.now() - before.at > SURELY_THE_SAME);
  }

  /** Whether its number comes after an interruption and has not been seen before. */
  get isLate() {
    return this.isTakenUp && !this.isShown;
  }

  /** Send it, or send it again, and return the visit. */
  async send(hall, onRetry) {
    await this.keep();
    return send(`/api/v1/halls/${hall}/visits`, this.body, { key: this.key, onRetry });
  }

  /** Somebody is still here and waits for this press, or reads its number. */
  keep() {
    const { key, body, isShown, isDoubtful } = this;
    return write({ key, body, isShown, isDoubtful, at: Date.now() });
  }

  forget() {
    return write(null);
  }
}

function write(value) {
  current = value;
  written = keep(value);
  return written;
}

/** Resolves when the last press that was kept or let go is so on the disk, too. */
export function pressIsWritten() {
  return written;
}

/** Read what was kept before this page was loaded; to be awaited before `keptPress` is asked. */
export async function recallPress() {
  current = await kept();
}

/** The press that was kept, when it is young enough that its person may still be here. */
export function keptPress() {
  if (!current) return null;
  const age = Date.now() - current.at;
  if (age >= 0 && age < YOUNG) return new Press(current.body, current);
  write(null);
  return null;
}
