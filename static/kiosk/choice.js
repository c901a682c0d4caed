/* One service among others: its name, and what one should know before touching it. */

import { fromTemplate } from "./screen.js";
import { statusWord } from "./words.js";

export function choiceOf(service, status, more = "") {
  const item = fromTemplate("choice");
  const button = item.querySelector("button");
  button.dataset.code = service.code;
  button.dataset.testid = `service-${service.code}`;
  button.dataset.status = stateOf(service, status);
  item.querySelector('[data-part="name"]').textContent = service.name;
  const words = [more, wordOf(service, status)].filter(Boolean);
  item.querySelector('[data-part="more"]').textContent = words.join(" · ");
  return item;
}

function stateOf(service, status) {
  return status === "open" && (!service.isOpen || service.quotaLeft === 0) ? "closed" : status;
}

function wordOf(service, status) {
  if (stateOf(service, status) !== "open") {
    return service.quotaLeft === 0 ? gettext("Kuota habis") : statusWord(stateOf(service, status));
  }
  if (service.quotaLeft === null || service.quotaLeft === undefined) return "";
  return interpolate(gettext("Sisa kuota %s"), [service.quotaLeft]);
}
