/* What does this person want, all in one visit? Services until they are taken, and who comes along.
 *
 * Kept for this browser window, because another language is another page.
 */

const NAME = "basket";
const MOST = 6;

export class Basket {
  constructor(catalogue) {
    this.catalogue = catalogue;
    Object.assign(this, { codes: [], help: null, companion: false }, remembered());
    this.codes = this.codes.filter((code) => catalogue.services.has(code));
  }

  get services() {
    return this.codes.map((code) => this.catalogue.services.get(code)).filter(Boolean);
  }

  get isFull() {
    return this.codes.length >= MOST;
  }

  /** Whether the kiosk holds something that only this person can want. */
  get isHeld() {
    return Boolean(this.codes.length || this.help || this.companion);
  }

  has(code) {
    return this.codes.includes(code);
  }

  add(code) {
    if (!this.has(code) && !this.isFull) this.become({ codes: [...this.codes, code] });
  }

  remove(code) {
    this.become({ codes: this.codes.filter((each) => each !== code) });
  }

  become(changes) {
    Object.assign(this, changes);
    const { codes, help, companion } = this;
    try {
      sessionStorage.setItem(NAME, JSON.stringify({ codes, help, companion }));
    } catch {
      // Without a store only a change of the language empties it.
    }
  }

  clear() {
    this.become({ codes: [], help: null, companion: false });
  }
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(NAME)) ?? {};
  } catch {
    return {};
  }
}

/** How many numbers these services become: one for each queue. */
export function numbersOf(services) {
  return new Set(services.map(({ queue }) => queue)).size;
}
