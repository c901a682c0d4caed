/* Can a number of this service be had now? The catalogue says so for a moment; the board and the clock go on. */

import { clockTime, zoneOf } from "../clock.js";
import { queueOn, statusOf } from "./line.js";

const WEEK = 6 * 86_400_000;

/** "open", or why not: "not_yet", "over", "closed", "paused", "incident" or "quota". */
export function stateOf(service, live) {
  const queue = queueOn(live.board, service.queue);
  const status = queue ? statusOf(queue) : "open";
  const told = toldOf(service, live.now());
  if (status !== "open") return ["not_yet", "over"].includes(told) ? told : status;
  return told;
}

/** What the catalogue said, as far as its moments have not passed since. */
function toldOf({ state, isOpen, quotaLeft, opensAt, lastIssueAt }, now) {
  if (quotaLeft === 0 && !(opensAt && opensAt <= now)) return "quota";
  if (!state) return isOpen ? "open" : "closed";
  if (state === "open") return lastIssueAt && lastIssueAt < now ? "over" : "open";
  return opensAt && opensAt <= now ? "open" : state;
}

/** "buka lagi Selasa 08.00", or "" when nobody knows. */
export function againOf({ opensAt }, live, language) {
  if (!opensAt || !live.board) return "";
  const zone = zoneOf(live.board.at);
  const wall = new Date(opensAt.getTime() + zone * 60_000);
  const today = new Date(live.now().getTime() + zone * 60_000);
  const isToday = wall.toISOString().slice(0, 10) === today.toISOString().slice(0, 10);
  const day = isToday ? "" : `${dayOf(wall, wall - today > WEEK, language)} `;
  return interpolate(gettext("buka lagi %s"), [`${day}${clockTime(zone, opensAt)}`]);
}

function dayOf(wall, isFar, language) {
  const style = isFar ? { day: "numeric", month: "short" } : { weekday: "long" };
  return new Intl.DateTimeFormat(language, { ...style, timeZone: "UTC" }).format(wall);
}
