/* One queue: is its system down, who waits, when could its counters rest? */

import { ask } from "./ask.js";
import { stateOf } from "./draw.js";
import { agencies, filled, keepRows, part, say, tell, time } from "./part.js";
import { press } from "./press.js";

export class QueueDialog {
  constructor(hall) {
    this.hall = hall;
    this.node = part["queue-dialog"];
    part.incident.addEventListener("click", () => this.begin());
    part.clear.addEventListener("click", () => this.press(`queues/${this.code}/clear`, {}, part.clear));
    part.line.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button) this.touch(button.dataset.act, button.closest("li"), button);
    });
  }

  open(code) {
    this.code = code;
    this.seen = null;
    part.line.replaceChildren();
    part.breaks.replaceChildren();
    tell(part["queue-refusal"], "");
    this.node.showModal();
    part["queue-title"].focus();
    this.redraw();
  }

  get queue() {
    return this.hall.live.board.queues.find(({ code }) => code === this.code);
  }

  redraw() {
    if (!this.node.open || !this.queue) return;
    const { queue } = this;
    const more = this.hall.state.queues.find(({ code }) => code === this.code);
    const words = interpolate(gettext("%s menunggu, %s loket buka"), [queue.waiting, queue.counters_open]);
    const { short_name: name, zone } = agencies.get(queue.agency);
    const place = zone && interpolate(gettext("Zona %s"), [zone]);
    say(part["queue-title"], [queue.code, name, place].filter(Boolean).join(" · "));
    say(part["queue-now"], [stateOf(queue)[0], queue.incident_since && more?.incident_reason, words].filter(Boolean).join(" · "));
    part["queue-now"].className = `notice ${queue.incident_since ? "danger" : ""}`;
    part.incident.hidden = Boolean(queue.incident_since);
    part.clear.hidden = !queue.incident_since;
    this.refreshLine();
  }

  /** Ask who waits, whenever the board says something new about this queue. */
  async refreshLine() {
    const signs = JSON.stringify([this.queue, this.hall.live.board.calls[0]?.version]);
    if (signs === this.seen) return;
    this.seen = signs;
    const { code } = this;
    try {
      const response = await fetch(`${location.pathname}/${code}/line.json`, { cache: "no-store" });
      if (response.status === 401) location.reload();
      if (response.ok && code === this.code) this.draw(await response.json());
    } catch {
      this.seen = null;
    }
  }

  draw({ line, breaks }) {
    this.line = new Map(line.map((ticket) => [ticket.id, ticket]));
    part["line-none"].hidden = line.length > 0;
    keepRows(part.line, [...this.line.keys()], (id) => this.row(this.line.get(id)));
    part.breaks.replaceChildren(...breaks.map(restOf));
  }

  row({ label, services, priority, wish, issued_at: since }) {
    const words = [services.join(", "), priority && gettext("Prioritas"), wish].filter(Boolean).join(" · ");
    return filled("line-row", { label, name: label, services: words, since: interpolate(gettext("sejak %s"), [time(since)]) });
  }

  // --- Acts ----------------------------------------------------------------------------------------

  async begin() {
    const said = await ask({
      title: interpolate(gettext("Sistem antrean %s gangguan?"), [this.code]),
      text: gettext("Nomor tidak diberikan sampai gangguan selesai. Yang menunggu tidak kehilangan tempat, dan diberi tahu di ponselnya."),
      reason: gettext("Gangguan apa? (boleh kosong)"),
      yes: gettext("Ya, sistem gangguan"),
    });
    if (said) await this.press(`queues/${this.code}/incident`, { reason: said.reason }, part.incident);
  }

  async touch(act, row, button) {
    const ticket = this.line.get(row.dataset.key);
    const said = act === "cancel" ? await askToCancel(ticket) : await askToMove(ticket);
    if (!said) return;
    const verb = act === "cancel" ? "cancel" : "change-service";
    await this.press(`tickets/${ticket.id}/${verb}`, said, button);
  }

  async press(path, body, button) {
    const isDone = await press(path, body, { button, refusal: part["queue-refusal"] });
    if (!isDone) return;
    this.seen = null;
    if (button.hidden || !button.isConnected) part["queue-title"].focus();
    await this.hall.refresh();
  }
}

async function askToCancel({ label }) {
  const said = await ask({
    title: interpolate(gettext("Batalkan nomor %s?"), [label]),
    text: gettext("Hanya bila orangnya bilang tidak jadi. Nomor yang dibatalkan tidak dapat dikembalikan."),
    reason: gettext("Alasan"),
    needsReason: true,
    yes: gettext("Batalkan nomor"),
  });
  return said && { reason: said.reason };
}

async function askToMove({ label, codes }) {
  const said = await ask({
    title: interpolate(gettext("Pindahkan nomor %s?"), [label]),
    text: gettext("Tempatnya dihitung dari waktu datang. Di antrean lain ia mendapat nomor baru."),
    reason: gettext("Catatan untuk petugas di sana"),
    service: codes[0] ?? part["ask-service"].options[0].value,
    yes: gettext("Pindahkan"),
  });
  return said && { service: said.service, note: said.reason };
}

function restOf({ counter, from, until }) {
  const item = document.createElement("li");
  item.textContent = from
    ? interpolate(gettext("Loket %s: %s sampai %s"), [counter, time(from), time(until)])
    : interpolate(gettext("Loket %s: tidak ada yang menggantikan; tugaskan loket lain dulu."), [counter]);
  return item;
}
