/* The start: search, the most frequent services, and a tile for every agency. */

import { zoneOf } from "../clock.js";
import { nextOpening } from "./hours.js";
import { agencyOn, queueOn } from "./line.js";
import { Screen } from "./screen.js";
import { statusWord } from "./words.js";

export class Start extends Screen {
  constructor(kiosk, node) {
    super(kiosk, node);
    this.hours = JSON.parse(document.getElementById("hours").textContent);
  }

  redraw() {
    const { board } = this.kiosk.live;
    if (!board) return;
    for (const tile of this.node.querySelectorAll(".tile")) {
      const found = agencyOn(board, tile.dataset.code);
      if (found) drawTile(tile, found);
    }
    for (const button of this.node.querySelectorAll(".frequent button")) this.drawFrequent(button);
    this.tell("notice", board.queues.every(({ status }) => status === "closed") ? this.closed() : "");
  }

  drawFrequent(button) {
    const service = this.kiosk.catalogue.services.get(button.dataset.code);
    const queue = service && queueOn(this.kiosk.live.board, service.queue);
    if (!queue) return;
    button.dataset.status = queue.status;
    say(button, "state", queue.status === "open" ? "" : statusWord(queue.status));
  }

  /** Everything is closed: that the hall is, and when it opens. */
  closed() {
    const { board } = this.kiosk.live;
    const wall = new Date(this.kiosk.live.now().getTime() + zoneOf(board.at) * 60_000);
    const opening = nextOpening(this.hours, wall, this.kiosk.catalogue.language);
    if (!opening) return gettext("Mal Pelayanan Publik sedang tutup.");
    return interpolate(gettext("Mal Pelayanan Publik sedang tutup. Buka lagi %s."), [opening]);
  }
}

function drawTile(tile, { status, waiting }) {
  tile.dataset.status = status;
  say(tile, "status", statusWord(status));
  say(tile, "waiting", String(waiting));
}

function say(node, name, text) {
  const part = node.querySelector(`[data-part="${name}"]`);
  if (part.textContent !== text) part.textContent = text;
}
