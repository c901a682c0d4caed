/* A number for somebody: chosen with one touch, given with the second. */

import { calledWhen } from "../estimate.js";
import { newKey, send } from "../post.js";
import { obstacleOf, outlookOf } from "./offers.js";
import { about, part, press, tell, turnTo } from "./part.js";
import { canPrint, print } from "./printing.js";

export class Give {
  constructor(live, { onGiven, onEdit }) {
    Object.assign(this, { live, onGiven, onEdit });
    this.service = this.visit = this.open = null;
    part.choice.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.isPossible) press(part.take, "choice-refusal", () => this.give());
    });
    part["given-print"].addEventListener("click", () => this.print());
    part["given-edit"].addEventListener("click", () => this.onEdit(this.visit.tickets[0].label));
    part["given-print"].hidden = !canPrint;
  }

  get isPossible() {
    return this.service !== null && !obstacleOf(this.service, this.live.board);
  }

  choose(service) {
    this.service = service;
    turnTo("choice");
    tell("choice-refusal", "");
    this.draw();
  }

  draw() {
    const { service } = this;
    part["choice-none"].hidden = service !== null;
    part.chosen.hidden = service === null;
    part.take.setAttribute("aria-disabled", String(!this.isPossible));
    if (!service) return;
    part["chosen-name"].textContent = service.name;
    const { board } = this.live;
    part["chosen-more"].textContent = obstacleOf(service, board) || outlookOf(service, board);
  }

  /** Begin with the next person: nothing of the last one is left on the page. */
  clear() {
    this.service = this.visit = this.open = null;
    part.choice.reset();
    part["given-qr"].removeAttribute("src");
    tell("choice-refusal", "");
    turnTo("choice");
    this.draw();
  }

  get order() {
    return {
      services: [this.service.code],
      priority: part.priority.value || null,
      language: document.documentElement.lang,
      help: part.help.value || null,
      companion: part.companion.checked,
    };
  }

  /** The same order is the same press until it was answered, however often it is pressed. */
  async give() {
    const text = JSON.stringify(this.order);
    if (this.open?.text !== text) this.open = { text, key: newKey() };
    const address = `/api/v1/halls/${document.documentElement.dataset.hall}/visits?as=person`;
    const order = JSON.parse(text);
    this.show(await send(address, order, { key: this.open.key }), order);
  }

  show(visit, order) {
    this.open = null;
    this.visit = { ...visit, companion: order.companion };
    const [ticket] = visit.tickets;
    part["given-labels"].replaceChildren(...visit.tickets.map(({ label }) => labelOf(label)));
    part["given-for"].textContent = `${this.service.name} · ${this.service.agency.name}`;
    part["given-ahead"].textContent = aheadOf(ticket);
    tell("given-tags", [about.groups[order.priority], about.helps[order.help]].filter(Boolean).join(" · "));
    part["given-qr"].src = `/v/${visit.visit.token}/qr.svg`;
    tell("given-told", "");
    part.choice.reset();
    turnTo("given");
    part["given-title"].focus();
    this.onGiven();
  }

  print() {
    const { tickets, visit, companion } = this.visit;
    return press(part["given-print"], "given-told", async () => {
      tell("given-told", await print(tickets.map(({ id }) => id), visit, companion));
    });
  }
}

function labelOf(label) {
  const row = part["given-label"].content.firstElementChild.cloneNode(true);
  row.textContent = label;
  return row;
}

export function aheadOf({ ahead, estimate }) {
  if (ahead === null) return "";
  const words = ahead
    ? interpolate(ngettext("%s antrean di depannya", "%s antrean di depannya", ahead), [ahead])
    : gettext("Tidak ada antrean di depannya");
  return [words, calledWhen(estimate)].filter(Boolean).join(" · ");
}
