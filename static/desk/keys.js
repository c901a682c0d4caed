/* Which key does what? Function keys always; letters only outside text fields, and only if wanted. */

import { part } from "./draw.js";

const FUNCTION_KEYS = { F4: "recall", F9: "finish" };
const LETTERS = { x: "no-show", t: "transfer", h: "hold" };
const TEXT = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";
const WISH = "desk-letters";

export function listenToKeys({ pressMain, press }) {
  part.letters.checked = areLettersOn();
  part.letters.addEventListener("change", () => remember(part.letters.checked));
  document.addEventListener("keydown", (event) => {
    const act = actOf(event, { pressMain, press });
    if (!act) return;
    event.preventDefault();
    if (!event.repeat) act();
  });
}

export function showKeys() {
  part.menu.open = false;
  part["keys-dialog"].showModal();
}

function actOf(event, { pressMain, press }) {
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return null;
  const main = part["main-action"].dataset.mode;
  if (event.key === "F2") return main === "call-next" || main === "finish-next" ? pressMain : () => {};
  if (event.key === "F8") return main === "start" ? pressMain : () => {};
  if (FUNCTION_KEYS[event.key]) return () => press(FUNCTION_KEYS[event.key], button(FUNCTION_KEYS[event.key]));
  if (event.target.closest?.(TEXT)) return null;
  if (event.key === "?") return showKeys;
  const verb = LETTERS[event.key.toLowerCase()];
  return verb && areLettersOn() ? () => press(verb, button(verb)) : null;
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
