/* What does this screen say, aloud? The hall's own clips, once it has recorded them; nothing is made up.
 *
 * The device's settings may name a clip for each screen: {"clips": {"start": "/…/mulai.opus", …}}.
 */

export class Aloud {
  constructor(kiosk) {
    this.kiosk = kiosk;
    this.button = document.querySelector("[data-aloud]");
    this.player = new Audio();
    this.button.addEventListener("click", () => this.play());
  }

  get clip() {
    const { clips, sound } = this.kiosk.device;
    return (sound && clips?.[this.kiosk.now.name]) || null;
  }

  draw() {
    this.stop();
    this.button.hidden = !this.clip;
  }

  async play() {
    this.player.src = this.clip;
    try {
      await this.player.play();
    } catch {
      this.button.hidden = true; // a clip that cannot be played is not offered again on this screen
    }
  }

  stop() {
    this.player.pause();
  }
}
