/* Two soft tones when somebody asks for a hand; a browser allows them only after a touch. */

const TONES = [660, 880];
const LENGTH = 0.35;

export class Chime {
  constructor(button) {
    this.context = null;
    button.addEventListener("click", () => {
      const isOn = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(isOn));
      this.context = isOn ? (this.context ?? new AudioContext()) : null;
      this.ring();
    });
  }

  ring() {
    TONES.forEach((frequency, i) => this.context && this.tone(frequency, this.context.currentTime + i * LENGTH));
  }

  tone(frequency, at) {
    const [source, volume] = [this.context.createOscillator(), this.context.createGain()];
    source.frequency.value = frequency;
    volume.gain.setValueAtTime(0.2, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + LENGTH);
    source.connect(volume).connect(this.context.destination);
    source.start(at);
    source.stop(at + LENGTH);
  }
}
