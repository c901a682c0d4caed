/* The named parts of the manager's page, and how words come into them. */

import { clockTime, zoneOf } from "../clock.js";

export const root = document.documentElement;
export const part = Object.fromEntries([...document.querySelectorAll("[id]")].map((each) => [each.id, each]));
export const about = JSON.parse(part.about.textContent);
export const agencies = new Map(about.agencies.map((agency) => [agency.code, agency]));
export const isMine = ({ agency }) => agencies.has(agency);

/** A copy of a template with these words in its slots; a slot may stand in several places. */
export function filled(name, values) {
  const made = part[name].content.firstElementChild.cloneNode(true);
  fill(made, values);
  return made;
}

/** Write only what has changed. */
export function fill(node, values) {
  for (const slot of node.querySelectorAll("[data-slot]")) say(slot, values[slot.dataset.slot]);
}

export function say(node, text) {
  if (node.textContent !== String(text)) node.textContent = text;
}

/** Write a sentence where there is one; an empty place is not shown. */
export function tell(node, words) {
  say(node, words);
  node.hidden = !words;
}

export function time(at) {
  return clockTime(zoneOf(at), new Date(at));
}

/** Keep the rows of a list as elements for as long as what they stand for: a finger is never late. */
export function keepRows(list, keys, make) {
  const known = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const rows = keys.map((key) => known.get(String(key)) ?? make(key));
  rows.forEach((row, i) => (row.dataset.key = keys[i]));
  for (const row of [...list.children]) if (!rows.includes(row)) row.remove();
  rows.forEach((row, i) => list.children[i] === row || list.insertBefore(row, list.children[i] ?? null));
  return rows;
}
