/* The start: search, the most frequent services, and a tile for every agency. */

import { agencyOn } from "./line.js";
import { Screen } from "./screen.js";
import { statusWord } from "./words.js";

export class Start extends Screen {
  redraw() {
    for (const tile of this.node.querySelectorAll(".tile")) {
      const found = agencyOn(this.kiosk.live.board, tile.dataset.code);
      if (found) draw(tile, found);
    }
  }
}

function draw(tile, { status, waiting }) {
  tile.dataset.status = status;
  say(tile, "status", statusWord(status));
  say(tile, "waiting", String(waiting));
}

function say(tile, name, text) {
  const node = tile.querySelector(`[data-part="${name}"]`);
  if (node.textContent !== text) node.textContent = text;
}
