/* What else is there to read? Messages, one line at a time. Nothing runs: each line stands still.
 *
 * A message that is too long for a line is shown in several. Whoever reads slowly may pause it.
 */

const EACH = 9_000;

export class Ticker {
  constructor(bar, text, pause, messages) {
    Object.assign(this, { bar, text, pause, messages });
    this.urgent = [];
    this.lines = [];
    this.place = 0;
    pause.addEventListener("click", () => this.setPaused(!this.isPaused));
    addEventListener("resize", () => this.fold());
    setInterval(() => this.isPaused || this.turn(), EACH);
    this.fold();
  }

  get isPaused() {
    return this.pause.getAttribute("aria-pressed") === "true";
  }

  setPaused(isPaused) {
    this.pause.setAttribute("aria-pressed", String(isPaused));
  }

  /** What cannot wait comes first, for as long as it is true. */
  tell(urgent) {
    if (String(urgent) === String(this.urgent)) return;
    this.urgent = urgent;
    this.place = 0;
    this.fold();
  }

  turn() {
    this.place = (this.place + 1) % Math.max(1, this.lines.length);
    this.draw();
  }

  fold() {
    const messages = [...this.urgent, ...this.messages];
    this.bar.hidden = !messages.length;
    this.lines = messages.flatMap((message) => this.folded(message));
    this.place = Math.min(this.place, Math.max(0, this.lines.length - 1));
    this.draw();
  }

  /** Cut a message between words so that each part fits the line. */
  folded(message) {
    const lines = [""];
    for (const word of message.split(" ")) {
      const last = lines[lines.length - 1];
      const longer = `${last} ${word}`.trim();
      if (this.fits(longer) || !last) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }

  fits(line) {
    this.text.textContent = line;
    return this.text.scrollWidth <= this.text.clientWidth;
  }

  draw() {
    this.text.textContent = this.lines[this.place] ?? "";
  }
}
