/* What does the clock on the hall's wall say? Never the clock of the device that shows it. */

const NAMES = { 420: "WIB", 480: "WITA", 540: "WIT" };

/** The minutes that the hall is ahead of UTC, read from one of its own times. */
export function zoneOf(at) {
  const found = /([+-])(\d\d):(\d\d)$/.exec(at);
  return found ? Number(`${found[1]}1`) * (Number(found[2]) * 60 + Number(found[3])) : 0;
}

/** "WIB" */
export function zoneName(zone) {
  return NAMES[zone] ?? "";
}

/** "2026-11-24" */
export function dateIn(zone, moment) {
  return onTheWall(zone, moment).toISOString().slice(0, 10);
}

/** "09.05" */
export function clockTime(zone, moment) {
  return onTheWall(zone, moment).toISOString().slice(11, 16).replace(":", ".");
}

/** "Selasa, 24 November 2026" */
export function longDate(zone, moment, language) {
  const style = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const locale = language === "en" ? "en-GB" : "id-ID";
  return new Intl.DateTimeFormat(locale, style).format(onTheWall(zone, moment));
}

/** A moment with its zone written out, as the API wants it: "2026-11-24T09:05:00+07:00". */
export function isoIn(zone, moment) {
  const [sign, minutes] = [zone < 0 ? "-" : "+", Math.abs(zone)];
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const wall = onTheWall(zone, moment).toISOString().slice(0, 19);
  return `${wall}${sign}${two(minutes / 60)}:${two(minutes % 60)}`;
}

function onTheWall(zone, moment) {
  return new Date(moment.getTime() + zone * 60_000);
}
