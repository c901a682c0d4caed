/* How does a press reach the hall? One at a time, once however often it is repeated, from this seat.
 *
 *   const orders = new Orders(desk, { refresh, onAnswer, onEnd });
 *   await orders.give(`${api}/counters/1/finish`, {}, button, "finish");
 */

import { newKey, send } from "../post.js";
import { part, say } from "./part.js";

/** What a page waits for that presses nothing any more: a promise kept too soon would be asked on and on. */
const NEVER = new Promise(() => {});

export class Orders {
  constructor(desk, wishes) {
    Object.assign(this, { desk, isBusy: false, current: Promise.resolve(), lost: null }, wishes);
  }

  /** One order at a time: the counter holds one ticket, so a second press could only be a mistake. */
  give(url, body, button, verb) {
    if (!this.isBusy && !this.desk.isElsewhere) this.current = this.carryOut(url, body, button, verb);
    return this.current;
  }

  async whenIdle() {
    while (this.isBusy) await this.current;
  }

  async carryOut(url, body, button, verb) {
    this.setBusy(true, button);
    say("");
    try {
      const answer = await this.send(url, body);
      this.lost = null;
      this.onAnswer(verb, answer);
    } catch (refusal) {
      this.refuse(refusal);
      if (this.desk.isLeaving || this.desk.isElsewhere) return NEVER;
    }
    await this.refresh();
    this.setBusy(false, button);
    keepFocus();
  }

  send(url, body) {
    return send(url, body, {
      key: this.keyOf(url, body),
      headers: { Seat: this.desk.seat },
      onRetry: () => say(gettext("Mencoba lagi…")),
    });
  }

  /** The same press again, while nothing is known to have changed since, is the same order. */
  keyOf(url, body) {
    const { epoch, version } = this.desk.state;
    const name = JSON.stringify([epoch, version, url, body]);
    if (this.lost?.name !== name) this.lost = { name, key: newKey() };
    return this.lost.key;
  }

  refuse(refusal) {
    const isOutage = refusal.isUnknown && refusal.status !== 429;
    if (!refusal.isUnknown) this.lost = null;
    say(isOutage ? whatToDo() : refusal.message, "danger");
    if (refusal.status === 401 || refusal.code === "seat_taken") this.onEnd(refusal);
  }

  setBusy(isBusy, button) {
    this.isBusy = isBusy;
    document.documentElement.toggleAttribute("data-busy", isBusy);
    button?.setAttribute("aria-busy", String(isBusy));
    for (const each of document.querySelectorAll("#main-action, .actions button, .list button, .bar button")) {
      each.setAttribute("aria-disabled", String(isBusy));
    }
  }
}

/** What an officer does while the hall does not answer: nobody at the counter shall wait for it. */
function whatToDo() {
  return gettext("Server belum menjawab. Tetap layani orang di depan Anda dan catat nomornya di kertas. Setelah tersambung, tekan lagi tombol yang sama: tekanan itu tidak dihitung dua kali.");
}

/** A button that can no longer be pressed must not take the keyboard with it. */
function keepFocus() {
  const { activeElement } = document;
  if (activeElement === document.body || activeElement?.disabled) part["main-action"].focus();
}
