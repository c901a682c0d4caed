/* The start: search, the most frequent services, and a tile for every agency. */

import { zoneOf } from "../clock.js";
import { nextOpening } from "./hours.js";
import { agencyOn } from "./line.js";
import { Pages } from "./pages.js";
import { Screen } from "./screen.js";
import { stateOf } from "./state.js";
import { statusWord } from "./words.js";

export class Start extends Screen {
  constructor(kiosk, node) {
    super(kiosk, node);
    this.pages = new Pages(this, (tile) => tile);
    this.tiles = [...this.part("list").children];
    this.hours = JSON.parse(document.getElementById("hours").textContent);
  }

  /** The agencies that this page was made for. */
  get agencies() {
    return this.tiles.map((item) => item.firstElementChild.dataset.code).filter(Boolean);
  }

  enter(_, { page = 0 } = {}) {
    this.pages.show(this.tiles, page);
  }

  get place() {
    return { page: this.pages.page };
  }

  redraw() {
    if (this.pages.size !== this.sizeShown) this.pages.redraw();
    this.sizeShown = this.pages.size;
    const { board } = this.kiosk.live;
    if (!board) return;
    for (const tile of this.tiles.map((item) => item.firstElementChild)) {
      const found = agencyOn(board, tile.dataset.code);
      if (found) drawTile(tile, found);
    }
    for (const button of this.node.querySelectorAll(".frequent button")) this.drawFrequent(button);
    this.tell("notice", board.queues.every(({ status }) => status === "closed") ? this.closed() : "");
  }

  drawFrequent(button) {
    const service = this.kiosk.catalogue.services.get(button.dataset.code);
    if (!service) return;
    const state = stateOf(service, this.kiosk.live);
    button.dataset.status = state;
    say(button, "state", state === "open" ? "" : statusWord(state));
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
