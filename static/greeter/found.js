/* A number of today, found by its slip: priority, back in line, cancelled, printed again. */

import { clockTime, zoneOf } from "../clock.js";
import { Newest } from "../newest.js";
import { newKey, send } from "../post.js";
import { aheadOf } from "./give.js";
import { about, part, press, tell, turnTo } from "./part.js";
import { canPrint, print } from "./printing.js";

const ANSWER = 8_000;
const MOVABLE = { cancel: ["waiting", "called"], reinstate: ["no_show"], prioritise: ["waiting"], first: ["waiting"] };

export class Found {
  constructor(offers, live) {
    Object.assign(this, { offers, live });
    this.address = `/api/v1/halls/${document.documentElement.dataset.hall}/tickets`;
    this.newest = new Newest();
    this.found = this.open = null;
    part["found-priority"].addEventListener("submit", (event) => {
      event.preventDefault();
      this.act(event.submitter, "prioritise", { priority: part["new-priority"].value || null });
    });
    part.reinstate.addEventListener("click", () => this.act(part.reinstate, "reinstate"));
    part.first.addEventListener("click", () => this.act(part.first, "first"));
    part.cancel.addEventListener("click", () => this.askToCancel());
    part["found-print"].addEventListener("click", () => this.print());
    part["show-qr"].addEventListener("click", () => this.showQr(part["found-qr"].hidden));
    live.addEventListener("board", () => this.refresh());
  }

  get isShown() {
    return part.side.dataset.showing === "found" && this.found !== null;
  }

  async look(label) {
    this.show(await this.ask(label));
    part["found-title"].focus();
  }

  async ask(label) {
    const language = document.documentElement.lang;
    const query = new URLSearchParams({ label, lang: language });
    const signal = AbortSignal.timeout(ANSWER);
    const asked = this.newest.ask();
    const response = await fetch(`${this.address}?${query}`, { cache: "no-store", signal });
    const told = await response.json();
    if (!response.ok) throw Object.assign(new Error(told.message), { status: response.status });
    return { ...told, asked };
  }

  show(found) {
    const isOther = found.ticket.id !== this.found?.ticket.id;
    const isNews = this.newest.accepts(found.asked);
    if (isOther || isNews) this.found = found;
    if (isOther) this.beginAnew();
    this.draw();
    turnTo("found");
  }

  beginAnew() {
    this.open = null;
    this.showQr(false);
    part["new-priority"].value = this.found.group ?? "";
    for (const name of ["found-told", "found-refusal"]) tell(name, "");
  }

  /** The line moves on while one looks: who is called meanwhile is given no priority. */
  async refresh() {
    if (!this.isShown) return;
    const { label } = this.found.ticket;
    const found = await this.ask(label).catch(() => null);
    if (found && this.isShown && this.found.ticket.label === label) this.show(found);
  }

  draw() {
    const { ticket, group, returns_left: left, visit, others } = this.found;
    part["found-title"].textContent = ticket.label;
    part["found-state"].textContent = about.states[ticket.state];
    tell("found-group", group ? about.groups[group] : "");
    part["found-for"].textContent = ticket.services.map((code) => this.nameOf(code)).join(" · ");
    part["found-more"].textContent = moreOf(ticket, visit, this.found.wish).join(" · ");
    const may = (verb) => MOVABLE[verb].includes(ticket.state);
    part["found-priority"].hidden = !may("prioritise");
    part.reinstate.hidden = !may("reinstate") || left < 1;
    part.first.hidden = !may("first") || !others.length;
    part.first.textContent = interpolate(gettext("Dahulukan dari %s"), [others.join(", ")]);
    part.cancel.hidden = !may("cancel");
    part["found-print"].hidden = !canPrint;
  }

  nameOf(code) {
    return this.offers.services.get(code)?.name ?? code;
  }

  showQr(isShown) {
    part["found-qr"].hidden = !isShown;
    part["show-qr"].setAttribute("aria-expanded", String(isShown));
    if (isShown) part["found-qr"].src = `/v/${this.found.visit.token}/qr.svg`;
    else part["found-qr"].removeAttribute("src");
  }

  // --- What the greeter does to it ---------------------------------------------------------------

  act(button, verb, order = {}) {
    return press(button, "found-refusal", async () => {
      const { label, id } = this.found.ticket;
      const text = JSON.stringify([id, verb, order]);
      if (this.open?.text !== text) this.open = { text, key: newKey() };
      await send(`${this.address}/${id}/${verb}`, order, { key: this.open.key });
      this.open = null;
      this.show(await this.ask(label));
      tell("found-told", doneWord(verb));
      part["found-title"].focus();
    });
  }

  askToCancel() {
    const dialog = part["cancel-dialog"];
    part["cancel-title"].textContent = interpolate(gettext("Batalkan nomor %s?"), [this.found.ticket.label]);
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      const reason = new FormData(part["cancel-form"]).get("reason");
      if (dialog.returnValue === "yes") this.act(part.cancel, "cancel", { reason });
    }, { once: true });
    dialog.showModal();
  }

  print() {
    const { ticket, visit } = this.found;
    return press(part["found-print"], "found-refusal", async () => {
      tell("found-told", await print([ticket.id], visit, visit.companion));
    });
  }
}

function moreOf(ticket, visit, wish) {
  const taken = clockTime(zoneOf(ticket.issued_at), new Date(ticket.issued_at));
  const words = [interpolate(gettext("diambil %s"), [taken]), aheadOf(ticket)];
  if (ticket.counter) words.push(interpolate(gettext("Loket %s"), [ticket.counter]));
  words.push(wish);
  if (visit.help) words.push(about.helps[visit.help]);
  if (visit.companion) words.push(gettext("dengan pendamping"));
  return words.filter(Boolean);
}

function doneWord(verb) {
  const words = {
    prioritise: gettext("Prioritas disimpan."),
    first: gettext("Nomor ini didahulukan; tempat di setiap antrean tetap."),
    reinstate: gettext("Kembali ke antrean, setelah 3 nomor."),
    cancel: gettext("Nomor dibatalkan."),
  };
  return words[verb];
}
