/* Is this screen seen and heard? A test call, shown and said as a test, when nobody is being called.
 *
 *   check.want(at);                                   // as soon as there is rest
 *   check.addEventListener("done", ({ detail }) => …);  // { at, outcome: "heard" or "silent" }
 *
 * It has a number that no ticket ever has, leaves at once when somebody is called, and is no event
 * of the hall.
 */

const SHOWN = 8_000;
const LONGEST = 30_000;
const NOBODY = { label: "X-000", counter: 0, calls: 1, isTest: true };

export class Check extends EventTarget {
  constructor(panel, speaker) {
    super();
    Object.assign(this, { panel, speaker });
    this.wanted = null;
    this.isShown = false;
    for (const name of ["spoke", "skipped"]) {
      speaker?.addEventListener(name, ({ detail }) => detail.call.isTest && this.heard(name));
    }
  }

  want(at) {
    this.wanted = at;
  }

  /** Called about twice a second. */
  tick(isAtRest) {
    if (this.wanted && isAtRest && !this.isShown) this.begin();
    const passed = performance.now() - this.since;
    const isCalled = document.documentElement.hasAttribute("data-raised");
    if (this.isShown && (isCalled || passed > LONGEST || (passed > SHOWN && this.outcome))) this.end();
  }

  begin() {
    this.since = performance.now();
    this.outcome = null;
    this.show(true);
    if (!this.speaker) this.outcome = "silent";
    else this.speaker.say({ ...NOBODY, at: this.speaker.now() });
  }

  heard(name) {
    if (this.isShown) this.outcome = name === "spoke" ? "heard" : "silent";
  }

  end() {
    this.show(false);
    const detail = { at: this.wanted, outcome: this.outcome ?? "silent" };
    this.wanted = null;
    this.dispatchEvent(new CustomEvent("done", { detail }));
  }

  show(isShown) {
    this.isShown = isShown;
    this.panel.hidden = !isShown;
    document.documentElement.toggleAttribute("data-checking", isShown);
  }
}
