/* Which key does what? Function keys always; letters only outside text fields, and only if wanted. */

import { part } from "./draw.js";

const FUNCTION_KEYS = { F2: "call-next", F4: "recall", F8: "start", F9: "finish" };
const LETTERS = { x: "no-show", t: "transfer", h: "hold" };
/** Keys of the main button, and what it must be saying for them to count. */
const MAIN = { "call-next": ["call-next", "finish-next"], "start": ["start"] };
const TEXT = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";
const WISH = "desk-letters";

export function listenToKeys(desk) {
  part.letters.checked = areLettersOn();
  part.letters.addEventListener("change", () => remember(part.letters.checked));
  document.addEventListener("keydown", (event) => {
    const wish = wishOf(event);
    if (!wish) return;
    event.preventDefault();
    if (!event.repeat) fulfil(wish, desk);
  });
}

export function showKeys() {
  part.menu.open = false;
  part["keys-dialog"].showModal();
}

/** What is this key for? A held key, as on a keypad that sticks, says nothing new. */
function wishOf({ key, target, ctrlKey, altKey, metaKey }) {
  if (ctrlKey || altKey || metaKey || document.querySelector("dialog[open]")) return null;
  if (FUNCTION_KEYS[key]) return FUNCTION_KEYS[key];
  if (target.closest?.(TEXT)) return null;
  if (key === "?") return "help";
  return areLettersOn() ? LETTERS[key.toLowerCase()] : null;
}

/** A key pressed during an order waits for it, and then means what the button says by then. */
async function fulfil(wish, { whenIdle, pressMain, press }) {
  if (wish === "help") return showKeys();
  await whenIdle();
  const modes = MAIN[wish];
  if (!modes) return press(wish, button(wish));
  return modes.includes(part["main-action"].dataset.mode) ? pressMain() : null;
}

const button = (verb) => document.querySelector(`.actions [data-verb="${verb}"]`);

function areLettersOn() {
  try {
    return localStorage.getItem(WISH) !== "off";
  } catch {
    return true;
  }
}

function remember(isOn) {
  try {
    localStorage.setItem(WISH, isOn ? "on" : "off");
  } catch {
    // Without a store the wish lasts until the page is closed.
  }
}
