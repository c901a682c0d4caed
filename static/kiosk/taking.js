/* The screens that take numbers: one press, waited for in words, never lost and never doubled. */

import { keptPress, Press } from "./press.js";
import { Priority } from "./priority.js";
import { Screen } from "./screen.js";

export class TakingScreen extends Screen {
  constructor(kiosk, node) {
    super(kiosk, node);
    this.priority = new Priority(this.part("priority"));
    this.on("take", "click", () => this.ask());
  }

  /** The codes that the press will ask for. */
  get codes() {
    return [];
  }

  get takeWords() {
    return gettext("Ambil nomor antrean");
  }

  /** Begin anew, or go on with a press of these services that is still unanswered. */
  begin() {
    this.press = null;
    this.isSending = false;
    this.priority.choose("");
    this.tell("notice", "");
    const kept = keptPress();
    if (String(kept?.body.services) === String(this.codes)) {
      this.press = kept;
      this.priority.choose(kept.body.priority ?? "");
    }
    this.setSending(false);
  }

  get isBusy() {
    return this.isSending;
  }

  /** Something may have to be asked first; a press that already travels is not asked about again. */
  ask() {
    const doubt = this.press ? "" : this.doubt;
    if (doubt) this.kiosk.doubt.ask(doubt, () => this.take());
    else this.take();
  }

  get doubt() {
    return "";
  }

  async take() {
    if (this.isSending) return;
    this.press ??= new Press(this.body());
    this.setSending(true);
    const { press } = this;
    try {
      const visit = await press.send(this.kiosk.catalogue.hall, () => this.explainDelay());
      this.setSending(false);
      this.kiosk.go("number", { visit, press });
    } catch (refusal) {
      this.setSending(false);
      this.explain(refusal);
    }
  }

  body() {
    const { basket, catalogue } = this.kiosk;
    const body = { services: this.codes, priority: this.priority.code, language: catalogue.language };
    if (basket.help) body.help = basket.help;
    if (basket.companion) body.companion = true;
    return body;
  }

  setSending(isSending) {
    this.isSending = isSending;
    this.part("take").disabled = isSending;
    this.part("add").disabled = isSending || Boolean(this.press);
    this.part("priority").disabled = isSending || Boolean(this.press);
    this.say("take", isSending ? gettext("Mengambil nomor …") : this.takeWords);
    if (isSending) this.warn("");
    if (this.kiosk.screen === this) this.kiosk.drawBar();
  }

  explainDelay() {
    this.warn(gettext("Server belum menjawab. Mencoba lagi; nomor Anda tidak akan dobel."), "warn");
  }

  explain(refusal) {
    if (!refusal.isUnknown) this.letGo();
    this.warn(sentenceOf(refusal), "danger");
    if (this.press) this.say("take", gettext("Coba lagi"));
  }

  /** The hall has said no: this press is over, and the next one is new. */
  letGo() {
    this.press.forget();
    this.press = null;
    for (const name of ["add", "priority"]) this.part(name).disabled = false;
    this.kiosk.refreshCatalogue();
  }

  warn(text, kind = "warn") {
    this.part("notice").className = `notice ${kind}`;
    this.tell("notice", text);
    this.drawn(); // the sentence takes room from the rest
  }

  /** Called when the room on the screen has changed. */
  drawn() {}
}

function sentenceOf(refusal) {
  if (refusal.status === 401 || refusal.status === 403) {
    return gettext("Anjungan ini belum terhubung. Silakan ke resepsionis.");
  }
  if (refusal.isUnknown && refusal.status !== 429) {
    return gettext("Server belum menjawab. Coba lagi, atau silakan ke resepsionis.");
  }
  return refusal.message;
}
