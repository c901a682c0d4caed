/* One service among others: its name, and what one should know before touching it. */

import { fromTemplate } from "./screen.js";
import { againOf, stateOf } from "./state.js";
import { statusWord } from "./words.js";

export function choiceOf(service, { live, catalogue }, more = "") {
  const item = fromTemplate("choice");
  const button = item.querySelector("button");
  const state = stateOf(service, live);
  button.dataset.code = service.code;
  button.dataset.testid = `service-${service.code}`;
  button.dataset.status = state;
  item.querySelector('[data-part="name"]').textContent = service.name;
  const words = [more, ...wordsOf(service, state, againOf(service, live, catalogue.language))];
  item.querySelector('[data-part="more"]').textContent = words.filter(Boolean).join(" · ");
  return item;
}

function wordsOf(service, state, again) {
  if (state !== "open") return [statusWord(state), again];
  if (service.quotaLeft === null || service.quotaLeft === undefined) return [];
  return [interpolate(gettext("Sisa kuota %s"), [service.quotaLeft])];
}
