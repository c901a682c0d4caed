/* Who needs a hand? One touch calls the greeter to this kiosk, and says when somebody is coming. */

import { send } from "../post.js";

const LOOK = 4; // seconds between two looks whether somebody has answered
const ANSWER = 5_000;

export class Help {
  constructor(kiosk) {
    this.kiosk = kiosk;
    this.dialog = document.getElementById("help");
    this.told = document.querySelector("[data-help-told]");
    this.first = this.part("state").textContent;
    this.call = null;
    this.part("kinds").addEventListener("click", (event) => this.choose(event.target.closest("[data-kind]")));
    this.part("companion").addEventListener("click", () => this.setCompanion(!kiosk.basket.companion));
    this.part("close").addEventListener("click", () => this.close());
  }

  part(name) {
    return this.dialog.querySelector(`[data-part="${name}"]`);
  }

  open() {
    this.draw();
    this.dialog.showModal();
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  /** Say something here until the dialog is opened again. */
  tell(words) {
    this.part("state").textContent = words;
  }

  async choose(button) {
    if (!button || this.isCalling) return;
    const { kind } = button.dataset;
    this.isCalling = true;
    this.kiosk.basket.become({ help: kind });
    this.draw();
    try {
      const address = `/api/v1/halls/${this.kiosk.catalogue.hall}/help`;
      this.call = { state: "asked", ...(await send(address, { kind })) };
    } catch {
      this.call = { state: "unheard" };
    }
    this.isCalling = false;
    this.draw();
  }

  setCompanion(companion) {
    this.kiosk.basket.become({ companion });
    this.draw();
  }

  draw() {
    const { help, companion } = this.kiosk.basket;
    for (const button of this.part("kinds").children) {
      button.setAttribute("aria-pressed", String(button.dataset.kind === help));
      button.disabled = Boolean(this.isCalling);
    }
    this.part("companion").setAttribute("aria-pressed", String(companion));
    const text = this.sentence();
    this.part("state").textContent = text || this.first;
    this.told.hidden = !text;
    if (this.told.textContent !== text) this.told.textContent = text;
  }

  sentence() {
    if (this.isCalling) return gettext("Memanggil petugas …");
    if (!this.call) return "";
    if (this.call.state === "answered") return gettext("Petugas sedang menuju Anda.");
    if (this.call.state === "asked") return gettext("Petugas sudah diberi tahu. Mohon tunggu di sini.");
    return gettext("Panggilan belum sampai. Silakan ke resepsionis.");
  }

  /** Called once a second. */
  tick() {
    if (this.call?.state !== "asked") return;
    this.waited = (this.waited ?? 0) + 1;
    if (this.waited % LOOK === 0) this.look(this.call);
  }

  async look(call) {
    try {
      const address = `/api/v1/halls/${this.kiosk.catalogue.hall}/help/${call.id}`;
      const response = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(ANSWER) });
      if (!response.ok || this.call !== call) return;
      call.state = (await response.json()).state;
      this.draw();
    } catch {
      // Asked again in a moment.
    }
  }

  /** The next person has called nobody. */
  dismiss() {
    this.call = null;
    this.close();
    this.draw();
  }
}
