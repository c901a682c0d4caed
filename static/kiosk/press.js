/* Was the number taken? One press, kept before it travels, so that even a power cut cannot double it.
 *
 * The kept press is repeated with the same key and body until the hall has answered; the number
 * screen lets it go. What is older than a minute belonged to somebody who has left.
 */

import { newKey, send } from "../post.js";

const STORE = "kiosk:press";
const YOUNG = 60_000;

export class Press {
  constructor(body, kept = null) {
    this.body = body;
    this.key = kept?.key ?? newKey();
    this.isShown = kept?.isShown ?? false;
    this.isTakenUp = kept !== null;
  }

  /** Whether its number comes after an interruption and has not been seen before. */
  get isLate() {
    return this.isTakenUp && !this.isShown;
  }

  /** Send it, or send it again, and return the visit. */
  async send(hall, onRetry) {
    this.keep();
    return send(`/api/v1/halls/${hall}/visits`, this.body, { key: this.key, onRetry });
  }

  /** Somebody is still here and waits for this press, or reads its number. */
  keep() {
    const { key, body, isShown } = this;
    write(JSON.stringify({ key, body, isShown, at: Date.now() }));
  }

  forget() {
    write(null);
  }
}

/** The press that was kept, when it is young enough that its person is still here. */
export function keptPress() {
  const kept = read();
  if (!kept) return null;
  const age = Date.now() - kept.at;
  if (age >= 0 && age < YOUNG) return new Press(kept.body, kept);
  write(null);
  return null;
}

function write(text) {
  try {
    if (text === null) localStorage.removeItem(STORE);
    else localStorage.setItem(STORE, text);
  } catch {
    // Without a store a reload forgets the press; the press itself still counts once.
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(STORE));
  } catch {
    return null;
  }
}
