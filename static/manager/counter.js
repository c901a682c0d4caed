/* One counter: open or not, what it serves, who sits at it. */

import { ask } from "./ask.js";
import { nowOf } from "./draw.js";
import { about, agencies, filled, isMine, part, root, say, tell } from "./part.js";
import { press } from "./press.js";

export class CounterDialog {
  constructor(hall) {
    this.hall = hall;
    this.node = part["counter-dialog"];
    this.node.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-act]");
      if (button) this.touch(button.dataset.act, button);
    });
  }

  open(number) {
    this.number = number;
    tell(part["counter-refusal"], "");
    this.drawServes();
    this.drawOfficers();
    part["to-desk"].href = `/${root.dataset.hall}/desk/${number}`;
    this.node.showModal();
    part["counter-title"].focus();
    this.redraw();
  }

  get counter() {
    return this.hall.live.board.counters.find(({ number }) => number === this.number);
  }

  get more() {
    return this.hall.state.counters.find(({ number }) => number === this.number);
  }

  redraw() {
    if (!this.node.open || !this.counter) return;
    const { counter, more } = this;
    const title = [interpolate(gettext("Loket %s"), [this.number]), agencies.get(counter.agency).short_name];
    say(part["counter-title"], title.join(" · "));
    say(part["counter-now"], [nowOf(counter, more), ...(more?.officers ?? [])].join(" · "));
    const isOff = { "open": counter.status === "open", "call-next": counter.status !== "open" };
    isOff.break = counter.status === "break" || Boolean(counter.ticket);
    isOff.close = counter.status === "closed" || Boolean(counter.ticket);
    for (const button of part["counter-acts"].children) button.disabled = isOff[button.dataset.act];
  }

  /** A supervisor gives queues of the own agency; those of others stay as the manager set them. */
  drawServes() {
    const served = new Map(this.more.serves.map(({ code, weight }) => [code, weight]));
    const queues = this.hall.live.board.queues.filter((queue) => isMine(queue) || served.has(queue.code));
    const first = [...queues].sort((a, b) => served.has(b.code) - served.has(a.code));
    part.serves.replaceChildren(...first.map(({ code, agency }) => {
      const name = [code, agencies.get(agency)?.short_name].filter(Boolean).join(" · ");
      const row = filled("serve-row", { name, code });
      const [box, weight] = [row.querySelector("input"), row.querySelector("select")];
      Object.assign(box, { value: code, checked: served.has(code), disabled: !isMine({ agency }) });
      weight.value = served.get(code) ?? "";
      return row;
    }));
  }

  drawOfficers() {
    const names = about.officers[this.counter.agency] ?? [];
    const others = names.filter((name) => !this.more.officers.includes(name));
    part.officer.replaceChildren(...others.map((name) => new Option(name, name)));
    part.officer.closest("fieldset").hidden = !others.length;
  }

  // --- Acts ----------------------------------------------------------------------------------------

  async touch(act, button) {
    const body = await this.bodyOf(act);
    if (!body) return;
    const isDone = await press(`counters/${this.number}/${act}`, body, { button, refusal: part["counter-refusal"] });
    if (!isDone) return;
    await this.hall.refresh();
    if (act === "hand-over") this.drawOfficers();
    if (button.disabled) part["counter-title"].focus();
  }

  bodyOf(act) {
    const acts = {
      "break": () => this.askToBreak(),
      "close": () => this.askToClose(),
      "assign": () => this.assignment(),
      "hand-over": () => this.askToHandOver(),
    };
    return acts[act]?.() ?? {};
  }

  /** Say for whom nobody would be left, before the last open counter of a queue leaves. */
  warning() {
    const served = new Set(this.more.serves.map(({ code }) => code));
    const isOpen = this.counter.status === "open";
    const alone = this.hall.live.board.queues.filter(
      (queue) => served.has(queue.code) && queue.waiting && isOpen && queue.counters_open <= 1,
    );
    if (!alone.length) return "";
    const waiting = alone.reduce((sum, queue) => sum + queue.waiting, 0);
    const words = gettext("Ini loket terakhir yang buka untuk antrean %s. Masih ada %s orang menunggu.");
    return interpolate(words, [alone.map(({ code }) => code).join(", "), waiting]);
  }

  async askToBreak() {
    const said = await ask({
      title: interpolate(gettext("Loket %s istirahat?"), [this.number]),
      text: this.warning(),
      reason: gettext("Alasan"),
      needsReason: true,
      live: this.hall.live,
      yes: gettext("Mulai istirahat"),
    });
    return said && { reason: said.reason, until: said.until };
  }

  async askToClose() {
    const title = interpolate(gettext("Tutup loket %s?"), [this.number]);
    return (await ask({ title, text: this.warning(), yes: gettext("Tutup loket") })) && {};
  }

  async assignment() {
    const rows = [...part.serves.children].filter((row) => row.querySelector("input").checked);
    const weights = rows.map((row) => [row.querySelector("input").value, row.querySelector("select").value]);
    const queues = weights.map(([code]) => code);
    const given = weights.filter(([, weight]) => weight).map(([code, weight]) => [code, Number(weight)]);
    const said = await ask({
      title: interpolate(gettext("Tugas loket %s"), [this.number]),
      text: interpolate(gettext("Mulai panggilan berikutnya loket ini melayani antrean %s."), [queues.join(", ") || "–"]),
      yes: gettext("Simpan"),
    });
    return said && { queues, weights: Object.fromEntries(given) };
  }

  async askToHandOver() {
    const operator = part.officer.value;
    const said = await ask({
      title: interpolate(gettext("Serahkan loket %s kepada %s?"), [this.number, operator]),
      text: gettext("Loket dan orang yang sedang dilayani tetap; hanya petugasnya berganti."),
      yes: gettext("Serahkan"),
    });
    return said && { operator };
  }
}
