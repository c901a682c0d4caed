/* Which picture or film stands beside the calls? One after the other, in a place of their own. */

const LONGEST_FILM = 10 * 60_000;
const BEFORE_ANOTHER_TRY = 30_000;

export class Media {
  constructor(place, items) {
    Object.assign(this, { place, items });
    this.next = 0;
  }

  start() {
    if (!this.items.length) return;
    this.place.hidden = false;
    document.documentElement.toggleAttribute("data-media", true);
    this.turn();
  }

  turn() {
    clearTimeout(this.timer);
    const item = this.items[this.next];
    this.next = (this.next + 1) % this.items.length;
    const node = item.kind === "film" ? this.film(item) : this.picture(item);
    this.forget();
    this.place.replaceChildren(node);
  }

  picture({ url, name, seconds }) {
    const image = Object.assign(new Image(), { src: url, alt: name });
    this.wait(image, seconds * 1000);
    return image;
  }

  /** Always without sound: the voice of the hall is never talked over. */
  film({ url, name }) {
    const film = Object.assign(document.createElement("video"), { src: url, muted: true, autoplay: true });
    film.playsInline = true;
    film.setAttribute("aria-label", name);
    film.addEventListener("ended", () => this.turn());
    this.wait(film, LONGEST_FILM);
    return film;
  }

  wait(node, milliseconds) {
    this.timer = setTimeout(() => this.turn(), milliseconds);
    node.addEventListener("error", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.turn(), BEFORE_ANOTHER_TRY);
    });
  }

  /** A film that is taken away still holds what it has loaded, unless told to let go. */
  forget() {
    const film = this.place.querySelector("video");
    if (!film) return;
    film.pause();
    film.removeAttribute("src");
    film.load();
  }
}
