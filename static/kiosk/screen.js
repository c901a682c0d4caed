/* What do all screens of the kiosk have in common? One node, made once and shown again. */

export class Screen {
  constructor(kiosk, node) {
    this.kiosk = kiosk;
    this.node = node;
  }

  get heading() {
    return this.node.querySelector("h1");
  }

  part(name) {
    return this.node.querySelector(`[data-part="${name}"]`);
  }

  say(name, text) {
    const node = this.part(name);
    if (node.textContent !== text) node.textContent = text;
  }

  /** Show a sentence, or hide its place when there is nothing to say. */
  tell(name, text) {
    this.part(name).hidden = !text;
    this.say(name, text);
  }

  on(name, type, act) {
    this.part(name).addEventListener(type, act);
  }

  enter() {}

  leave() {}

  /** What a voice says of this screen before it says what to do here: sentences of clips. */
  aloud() {
    return [];
  }

  /** The board, the catalogue or the look has changed. */
  redraw() {}

  /** Called once a second while the screen is showing. */
  tick() {}
}

export function fromTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}
