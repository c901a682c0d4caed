/* Which page of a list is showing? A kiosk turns pages by buttons; nothing has to be scrolled.
 *
 * How many fit is the stylesheet's business: it says so in `--a-page` on the list.
 */

export class Pages {
  constructor(screen, draw) {
    this.screen = screen;
    this.draw = draw;
    this.items = [];
    this.page = 0;
    screen.on("previous", "click", () => this.turn(-1));
    screen.on("next", "click", () => this.turn(1));
  }

  show(items, page = 0) {
    this.items = items;
    this.page = page;
    this.redraw();
  }

  turn(step) {
    const page = this.page + step;
    if (page < 0 || page >= this.count) return;
    this.page = page;
    this.redraw();
  }

  get size() {
    const style = getComputedStyle(this.screen.part("list"));
    return Number(style.getPropertyValue("--a-page")) || 12;
  }

  get count() {
    return Math.max(1, Math.ceil(this.items.length / this.size));
  }

  redraw() {
    const [count, size] = [this.count, this.size];
    this.page = Math.min(this.page, count - 1);
    const items = this.items.slice(this.page * size, (this.page + 1) * size);
    this.screen.part("list").replaceChildren(...items.map(this.draw));
    this.screen.part("pages").hidden = count === 1;
    this.screen.say("page", interpolate(gettext("%s dari %s"), [this.page + 1, count]));
    this.screen.part("previous").setAttribute("aria-disabled", String(this.page === 0));
    this.screen.part("next").setAttribute("aria-disabled", String(this.page === count - 1));
  }
}
