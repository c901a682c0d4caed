/* How does a long list fit a short row? In pages of a few, each shown for 10 s. */

const EACH = 10_000;

export class Pages {
  constructor(list, place, tile) {
    this.list = list;
    this.place = place;
    this.tile = tile;
    this.items = [];
    this.page = 0;
    setInterval(() => this.turn(), EACH);
  }

  /** How many fit is the stylesheet's knowledge: `--per-page` on the list. */
  get perPage() {
    return Number(getComputedStyle(this.list).getPropertyValue("--per-page")) || 8;
  }

  get count() {
    return Math.max(1, Math.ceil(this.items.length / this.perPage));
  }

  show(items) {
    this.items = items;
    this.draw();
  }

  turn() {
    this.page = (this.page + 1) % this.count;
    this.draw();
  }

  draw() {
    this.page = Math.min(this.page, this.count - 1);
    const first = this.page * this.perPage;
    const shown = this.items.slice(first, first + this.perPage);
    this.list.replaceChildren(...shown.map((item) => this.tile(item)));
    this.place.textContent = this.count > 1 ? `${this.page + 1}/${this.count}` : "";
  }
}
