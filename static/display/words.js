/* How is it told which day it is, how long one waits, and that a system is down? */

import { clockTime, dateIn, zoneOf } from "../clock.js";

/** "10–20 mnt", or nothing while nobody can say. */
export function rangeOf({ estimate }, now) {
  if (!estimate?.from || !estimate.to) return "";
  const [from, to] = [estimate.from, estimate.to].map((at) => minutesUntil(at, now));
  return interpolate(gettext("%s–%s mnt"), [from, Math.max(to, from + 1)]);
}

const minutesUntil = (at, now) => Math.max(0, Math.round((new Date(at) - now) / 60_000));

/** The sentence for everybody who holds a number of a queue that stands still. */
export function incident({ code, incident_since: since }, agency) {
  if (!since) return interpolate(gettext("%s (%s) sedang dijeda. Nomor Anda tetap berlaku."), [agency, code]);
  const at = clockTime(zoneOf(since), new Date(since));
  const told = gettext("%s (%s) gangguan sejak %s. Nomor Anda tetap berlaku.");
  return interpolate(told, [agency, code, at]);
}

/** "Sel, 24 Nov" */
export function shortDate(zone, moment, language) {
  const style = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" };
  const locale = language === "en" ? "en-GB" : "id-ID";
  return new Intl.DateTimeFormat(locale, style).format(new Date(dateIn(zone, moment)));
}
