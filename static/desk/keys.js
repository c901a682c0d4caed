/* Which key does what? As the officer wishes, kept in this browser; letters only where nobody types. */

import { part } from "./part.js";

const USUAL = {
  "call-next": "F2",
  "recall": "F4",
  "start": "F8",
  "finish": "F9",
  "no-show": "X",
  "transfer": "T",
  "hold": "H",
  "undo": "U",
  "help": "?",
};
const OF_BROWSERS = new Set(["F1", "F3", "F5", "F6", "F7", "F10", "F11", "F12"]);
const OF_PAGES = new Set([" ", "Enter", "Tab", "Escape", "Backspace", "Delete", "Home", "End", "PageUp", "PageDown"]);
const OF_HANDS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock", "Dead", "Unidentified", "Process"]);
const TEXT = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";

export class Keys extends EventTarget {
  constructor(officer) {
    super();
    this.name = `desk-keys:${officer}`;
    const kept = read(this.name);
    this.letters = kept.letters ?? true;
    this.keys = { ...USUAL };
    for (const wish of Object.keys(USUAL)) if (typeof kept.keys?.[wish] === "string") this.keys[wish] = kept.keys[wish];
  }

  /** The key of a wish as it stands on the page; "" for one that is switched off. */
  nameOf(wish) {
    const key = this.keys[wish] ?? "";
    return isLetter(key) && !this.letters ? "" : key;
  }

  /** What is this key for? A held key, as on a keypad that sticks, says nothing new. */
  wishOf({ key, target, ctrlKey, altKey, metaKey }) {
    if (ctrlKey || altKey || metaKey || document.querySelector("dialog[open]")) return null;
    const name = nameOf(key);
    if (isLetter(name) && (!this.letters || target.closest?.(TEXT))) return null;
    return Object.keys(this.keys).find((wish) => this.keys[wish] === name) ?? null;
  }

  /** Give a wish another key; returns why not, or "". */
  set(wish, key) {
    const name = nameOf(key);
    const no = this.whyNot(wish, name);
    if (!no) this.change({ keys: { ...this.keys, [wish]: name } });
    return no;
  }

  whyNot(wish, name) {
    const other = Object.keys(this.keys).find((each) => each !== wish && this.keys[each] === name);
    if (other) return interpolate(gettext("Tombol %s sudah dipakai untuk “%s”. Pilih tombol lain."), [name, wordOf(other)]);
    if (OF_BROWSERS.has(name) || OF_PAGES.has(name) || name.startsWith("Arrow")) {
      return interpolate(gettext("Tombol %s dipakai peramban. Pilih tombol lain."), [name]);
    }
    return "";
  }

  change(wishes) {
    Object.assign(this, wishes);
    keep(this.name, { letters: this.letters, keys: this.keys });
    this.dispatchEvent(new Event("change"));
  }

  reset() {
    this.change({ letters: true, keys: { ...USUAL } });
  }
}

const nameOf = (key) => (key.length === 1 ? key.toUpperCase() : key);
const isLetter = (name) => name.length === 1;
const row = (wish) => part["keys-list"].querySelector(`[data-wish="${wish}"]`);
const wordOf = (wish) => row(wish).querySelector("dt").textContent;

export function listenToKeys(keys, fulfil) {
  document.addEventListener("keydown", (event) => {
    const wish = keys.wishOf(event);
    if (!wish) return;
    event.preventDefault();
    if (!event.repeat) fulfil(wish);
  });
}

// --- The help, where keys are changed ------------------------------------------------------------

export function offerKeys(keys) {
  part.letters.addEventListener("change", () => keys.change({ letters: part.letters.checked }));
  part["keys-reset"].addEventListener("click", () => {
    keys.reset();
    tell(gettext("Semua tombol kembali seperti semula."));
  });
  part["keys-list"].addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) listenOnce(keys, button.closest("[data-wish]").dataset.wish, button);
  });
  keys.addEventListener("change", () => drawKeys(keys));
  drawKeys(keys);
}

export function showKeys() {
  part.menu.open = false;
  tell("");
  part["keys-dialog"].showModal();
}

function drawKeys(keys) {
  part.letters.checked = keys.letters;
  for (const wish of Object.keys(USUAL)) row(wish).querySelector("kbd").textContent = keys.keys[wish];
  for (const button of document.querySelectorAll("[data-key-of]")) {
    const name = keys.nameOf(button.dataset.keyOf);
    const hint = button.querySelector("kbd");
    hint.textContent = name;
    hint.hidden = !name;
    if (name) button.setAttribute("aria-keyshortcuts", name);
    else button.removeAttribute("aria-keyshortcuts");
  }
}

/** The next key is the one; Escape, or leaving the button, means to keep what was. */
function listenOnce(keys, wish, button) {
  tell(interpolate(gettext("Tekan tombol baru untuk “%s”, atau Esc untuk batal."), [wordOf(wish)]));
  button.setAttribute("aria-pressed", "true");
  const stop = () => {
    button.removeEventListener("keydown", onKey);
    button.removeEventListener("blur", stop);
    button.setAttribute("aria-pressed", "false");
  };
  const onKey = (event) => {
    if (OF_HANDS.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    stop();
    tell(event.key === "Escape" ? "" : answer(keys, wish, event.key));
  };
  button.addEventListener("keydown", onKey);
  button.addEventListener("blur", stop);
}

function answer(keys, wish, key) {
  return keys.set(wish, key) || interpolate(gettext("“%s” sekarang dengan tombol %s."), [wordOf(wish), nameOf(key)]);
}

function tell(words) {
  part["keys-told"].textContent = words;
}

// --- Memory --------------------------------------------------------------------------------------

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? {};
  } catch {
    return {};
  }
}

function keep(name, wishes) {
  try {
    localStorage.setItem(name, JSON.stringify(wishes));
  } catch {
    // Without a store the wish lasts until the page is closed.
  }
}
