/* Is anybody still there? After 30 s without a touch the kiosk asks, and after 20 s more starts anew. */

const QUIET = 30;
const ANSWER = 20;

export class Idle {
  constructor(onGone) {
    this.onGone = onGone;
    this.dialog = document.getElementById("idle");
    this.countdown = this.dialog.querySelector('[data-part="countdown"]');
    this.touch();
    for (const type of ["pointerdown", "keydown"]) {
      document.addEventListener(type, () => this.touch(), { capture: true, passive: true });
    }
    this.dialog.querySelector('[data-part="yes"]').addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.touch());
  }

  touch() {
    this.touchedAt = performance.now();
  }

  get quietFor() {
    return Math.floor((performance.now() - this.touchedAt) / 1000);
  }

  /** Called once a second while somebody may have left something behind. */
  tick() {
    if (!this.dialog.open) {
      if (this.quietFor < QUIET) return;
      this.left = ANSWER;
      this.dialog.showModal();
    }
    this.draw();
    if (this.left <= 0) this.leave();
    this.left -= 1;
  }

  draw() {
    const text = ngettext("Layar kembali ke awal dalam %s detik.", "Layar kembali ke awal dalam %s detik.", this.left);
    this.countdown.textContent = interpolate(text, [Math.max(0, this.left)]);
  }

  leave() {
    this.dialog.close();
    this.onGone();
  }

  /** Nobody needs to be asked any more. */
  dismiss() {
    if (this.dialog.open) this.dialog.close();
  }
}
