/* How is it told which day it is, and that a system is down? */

import { clockTime, dateIn, zoneOf } from "../clock.js";

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
