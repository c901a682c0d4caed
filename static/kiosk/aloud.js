/* What does this screen say, aloud? The hall's own clips (voice/reading.py); nothing is made up.
 *
 * The list of clips is fetched at the first press, and of the clips only those that are said.
 */

import { label } from "../voice/words.js";

const ANSWER = 8_000;
const LEAD = 0.05;

export class Aloud {
  constructor(kiosk) {
    this.kiosk = kiosk;
    this.button = document.querySelector("[data-aloud]");
    this.button.addEventListener("click", () => this.read());
  }

  draw() {
    this.stop();
    this.button.hidden = !this.kiosk.device.sound;
  }

  async read() {
    this.stop();
    const context = new AudioContext();
    this.context = context;
    try {
      this.manifest ??= await fetched(this.button.dataset.aloud, (response) => response.json());
      const sounds = await Promise.all(this.names().map((name) => this.sound(context, name)));
      if (this.context !== context) return;
      play(context, sounds);
      this.kiosk.help.close();
    } catch {
      this.manifest = null;
      this.kiosk.help.tell(gettext("Suara belum siap. Petugas dapat membacakannya untuk Anda."));
    }
  }

  stop() {
    this.context?.close();
    this.context = null;
  }

  /** The names of clips and pauses that this screen is said by: what it is, and what to do here. */
  names() {
    const { screens } = this.manifest;
    const { now, screen } = this.kiosk;
    return [...screen.aloud(this).flatMap((part) => [...part, "."]), screens[now.name]];
  }

  agency({ code }) {
    return [this.manifest.agencies[code]];
  }

  service({ code, agency }) {
    return [this.manifest.services[code], ".", ...this.agency(agency)];
  }

  ticket({ label: text }) {
    return ["number", ",", ...label(text, this.manifest.grammar)];
  }

  /** A pause in seconds, or a decoded clip. */
  async sound(context, name) {
    const { clips, grammar } = this.manifest;
    return grammar.pauses[name] ?? context.decodeAudioData(
      await fetched(clips[name].url, (response) => response.arrayBuffer()));
  }
}

function play(context, sounds) {
  let at = context.currentTime + LEAD;
  for (const sound of sounds) {
    if (sound.duration) {
      const source = new AudioBufferSourceNode(context, { buffer: sound });
      source.connect(context.destination);
      source.start(at);
    }
    at += sound.duration ?? sound;
  }
}

async function fetched(url, read) {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER) });
  if (!response.ok) throw new Error(response.status);
  return read(response);
}
