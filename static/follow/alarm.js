/* Does its holder notice? Words for a screen reader, and after a wish for it sound and shaking.
 *
 * A browser lets a page sound only after a touch; so nothing sounds that was not asked for.
 */

const BUZZ = [400, 200, 400, 200, 800];
const SHORT_BUZZ = [200, 100, 200];
const TONES = [660, 880, 660];
const LENGTH = 0.35;
const NEAR = 3;

export class Alarm {
  constructor(say) {
    this.say = say;
    this.context = null;
    this.told = new Set();
  }

  /** Sound from now on; the first sound is the proof. */
  async begin() {
    this.context ??= new (window.AudioContext ?? window.webkitAudioContext)();
    await this.context.resume();
    this.ring(SHORT_BUZZ);
  }

  end() {
    this.context = null;
  }

  /** Tell each call once, and once of each number that only three are ahead. */
  look(tickets) {
    const called = tickets.find(({ state }) => state === "called");
    this.say(called ? sentence(called) : "");
    if (called && this.isNews(`${called.id}/${called.calls}`)) this.ring(BUZZ);
    const near = tickets.filter(({ state, ahead, held_by: held, away_until: away }) => state === "waiting" && ahead <= NEAR && !held && !away);
    const isNews = near.filter(({ id }) => this.isNews(`${id}/near`)).length > 0;
    if (isNews && this.context) this.ring(SHORT_BUZZ);
  }

  isNews(name) {
    if (this.told.has(name)) return false;
    this.told.add(name);
    return true;
  }

  ring(buzz) {
    if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(buzz);
    if (this.context) TONES.forEach((frequency, i) => this.tone(frequency, this.context.currentTime + i * LENGTH));
  }

  tone(frequency, at) {
    const [source, volume] = [this.context.createOscillator(), this.context.createGain()];
    source.frequency.value = frequency;
    volume.gain.setValueAtTime(0.3, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + LENGTH);
    source.connect(volume).connect(this.context.destination);
    source.start(at);
    source.stop(at + LENGTH);
  }
}

function sentence({ label, counter, calls }) {
  const words = gettext("Nomor %(label)s dipanggil ke Loket %(counter)s.");
  const which = calls > 1 ? interpolate(gettext("Panggilan ke-%s"), [calls]) : "";
  return `${interpolate(words, { label, counter }, true)} ${which}`.trim();
}
