/* Really now? Asked before a number is printed that may help nobody. */

export class Doubt {
  constructor(kiosk) {
    this.dialog = document.getElementById("doubt");
    this.part("anyway").addEventListener("click", () => this.leave(this.onAnyway));
    this.part("other").addEventListener("click", () => this.leave(() => kiosk.back()));
  }

  part(name) {
    return this.dialog.querySelector(`[data-part="${name}"]`);
  }

  ask(sentence, onAnyway) {
    this.onAnyway = onAnyway;
    this.part("sentence").textContent = sentence;
    this.dialog.showModal();
  }

  leave(act) {
    this.dialog.close();
    act();
  }

  dismiss() {
    if (this.dialog.open) this.dialog.close();
  }
}
