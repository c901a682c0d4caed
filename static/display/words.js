/* How is it told that one waits, or that a system is down? */

import { clockTime, zoneOf } from "../clock.js";

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
  const told = gettext("Sistem %s (%s) terganggu sejak pukul %s. Nomor Anda tetap berlaku.");
  return interpolate(told, [agency, code, at]);
}
