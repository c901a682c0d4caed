/* What must be asked before an order? Whether really, why, until when, where to. */

import { clockTime, isoIn, zoneOf } from "../clock.js";
import { part, say, tell } from "./part.js";

const BACK_IN = [15, 30, 45, 60, 90];

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close]")) target.closest("dialog").close();
});

/** Ask; null when one thought better of it. `reason` is its label, `needsReason` whether it may be empty. */
export function ask({ title, text = "", yes, reason = "", needsReason = false, live = null, service = "" }) {
  say(part["ask-title"], title);
  tell(part["ask-text"], text);
  say(part["ask-yes"], yes);
  say(part["ask-reason-label"], reason);
  Object.assign(part["ask-reason"], { value: "", required: needsReason });
  part["ask-reason-part"].hidden = !reason;
  part["ask-until-part"].hidden = !live;
  part["ask-service-part"].hidden = !service;
  if (live) offerTimes(live);
  if (service) part["ask-service"].value = service;
  return agreed();
}

function offerTimes(live) {
  const zone = zoneOf(live.board.at);
  part["ask-until"].replaceChildren(...BACK_IN.map((minutes) => {
    const back = new Date(live.now().getTime() + minutes * 60_000);
    return new Option(interpolate(gettext("%s menit (%s)"), [minutes, clockTime(zone, back)]), isoIn(zone, back));
  }));
}

function agreed() {
  const dialog = part["ask-dialog"];
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? answers() : null), { once: true });
  });
}

function answers() {
  return {
    reason: part["ask-reason"].value.trim(),
    until: part["ask-until"].value,
    service: part["ask-service"].value,
  };
}
