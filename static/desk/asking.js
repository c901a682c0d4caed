/* How is something asked before an order? In a dialog that answers yes or no, and never twice. */

import { part } from "./part.js";

/** Open a dialog; true when the officer agreed. Escape and "Batal" are a no. */
export function agreed(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** Ask yes or no: an empty order, or null when the officer thought better of it. */
export async function ask(title, words, yes) {
  part["ask-title"].textContent = title;
  part["ask-text"].textContent = words;
  part["ask-yes"].textContent = yes;
  return (await agreed(part["ask-dialog"])) ? {} : null;
}

export function fill(select, options) {
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
}

/** Offer some answers of which one is taken; the first, unless told. */
export function choices(place, name, options, first = options[0]?.[0]) {
  place.replaceChildren(...options.map(([value, text]) => {
    const option = part["option-row"].content.firstElementChild.cloneNode(true);
    const radio = option.querySelector("input");
    Object.assign(radio, { name, value, checked: value === first });
    option.querySelector("span").textContent = text;
    return option;
  }));
}

export const chosen = (name) => document.querySelector(`dialog input[name="${name}"]:checked`)?.value;

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close]")) target.closest("dialog").close();
});
