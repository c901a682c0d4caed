/* What does its holder ask for? A question first, then one press that counts once. */

import { newKey, send } from "../post.js";

const part = (name, within) => within.querySelector(`[data-part="${name}"]`);

export class Wishes {
  /** `visit` knows the tickets; `onAnswer` is told when the hall has done it, `onRefusal` why not. */
  constructor(token, { visit, choices, services, onAnswer, onRefusal }) {
    Object.assign(this, { visit, choices, services, onAnswer, onRefusal });
    this.address = `/api/v1/visits/${token}`;
    this.keys = new Map();
    this.open = null;
    document.addEventListener("click", ({ target }) => this.touched(target));
  }

  touched(target) {
    const wish = target.closest?.("[data-wish]");
    const answer = target.closest?.("[data-answer]");
    if (wish) this.ask(wish.dataset.wish, wish.dataset.id, wish);
    else if (answer) this.answered(answer);
  }

  /** What cannot be undone, or needs a word more, is asked in a dialog; the rest is done at once. */
  ask(verb, id, button) {
    const ticket = this.visit.ticket(id);
    const dialog = document.getElementById(verb);
    this.onRefusal("");
    if (!dialog) return this.pressAll(button, this.ordersOf(verb, ticket));
    this.open = { verb, ticket };
    this.prepare(dialog, verb, ticket);
    return dialog.showModal();
  }

  prepare(dialog, verb, ticket) {
    const questions = {
      cancel: gettext("Batalkan nomor %s?"),
      postpone: gettext("Undurkan nomor %s?"),
    };
    if (questions[verb]) part("question", dialog).textContent = interpolate(questions[verb], [ticket.label]);
    if (verb === "postpone") this.sayLeft(dialog, ngettext("Sisa %s kali.", "Sisa %s kali.", ticket.postpones_left), ticket.postpones_left);
    if (verb === "step-away") this.offerMinutes(dialog, ticket.away_left);
    if (verb === "change-service") this.offerServices(dialog, ticket);
  }

  sayLeft(dialog, words, left) {
    part("left", dialog).textContent = interpolate(words, [left]);
  }

  offerMinutes(dialog, left) {
    this.sayLeft(dialog, gettext("Sisa %s menit."), left);
    const choices = [...dialog.querySelectorAll("[name=minutes]")];
    for (const choice of choices) choice.disabled = Number(choice.value) > left;
    if (choices.find(({ checked }) => checked)?.disabled) choices.filter(({ disabled }) => !disabled).pop().checked = true;
  }

  offerServices(dialog, { services }) {
    const own = services[0];
    const offered = (this.choices[this.services[own]?.agency] ?? []).filter(([code]) => code !== own);
    part("service", dialog).replaceChildren(...offered.map(([code, name]) => new Option(name, code)));
  }

  async answered(button) {
    const dialog = button.closest("dialog");
    if (button.dataset.answer === "yes") {
      const { verb, ticket } = this.open;
      await this.pressAll(button, this.ordersOf(verb, ticket, saidIn(dialog)));
    }
    dialog.close();
  }

  /** Who goes away or comes back does so with all numbers, but at another counter with one alone. */
  ordersOf(verb, ticket, said = {}) {
    if (verb === "first") return [["order", { tickets: this.visit.orderWithFirst(ticket.id) }]];
    const isAlone = !["step-away", "be-back"].includes(verb) || said.reason === "elsewhere";
    const others = isAlone ? [] : this.visit.tickets.filter((each) => each !== ticket && mayToo(each, verb, said));
    return [ticket, ...others].map(({ id }) => [`tickets/${id}/${verb}`, said]);
  }

  async pressAll(button, orders) {
    for (const order of orders) if (!(await this.press(button, ...order))) return;
  }

  /** The same wish keeps its key until it is known what came of it. */
  async press(button, path, body) {
    if (button.getAttribute("aria-busy") === "true") return false;
    const name = `${path} ${JSON.stringify(body)}`;
    if (!this.keys.has(name)) this.keys.set(name, newKey());
    button.setAttribute("aria-busy", "true");
    try {
      await send(`${this.address}/${path}`, body, { key: this.keys.get(name) });
      this.keys.delete(name);
      return true;
    } catch (refusal) {
      if (!refusal.isUnknown) this.keys.delete(name);
      this.onRefusal(refusal.message);
      return false;
    } finally {
      button.removeAttribute("aria-busy");
      await this.onAnswer();
    }
  }
}

/** What was chosen in a dialog. */
function saidIn(dialog) {
  const service = part("service", dialog)?.value;
  const form = dialog.querySelector("form");
  if (!form) return service ? { service } : {};
  const { reason, minutes } = Object.fromEntries(new FormData(form));
  return { reason, minutes: Number(minutes) };
}

function mayToo({ may, away_left: left }, verb, { minutes = 0 }) {
  return may.includes(verb) && (verb === "be-back" || left >= minutes);
}
