/* When does the hall open again? From its weekly hours, on the hall's own clock. */

const WEEK = 7;

/** The next opening within a week as "Senin pukul 08.00", or "" when there is none.
 *
 * `hours` holds weekday (0 = Monday) and opening time "08.00"; `wall` is the hall's clock, to be read
 * with the getUTC… methods.
 */
export function nextOpening(hours, wall, language) {
  for (let days = 0; days <= WEEK; days += 1) {
    const day = new Date(wall.getTime() + days * 86_400_000);
    const opens = hours.find(({ weekday }) => weekday === (day.getUTCDay() + 6) % WEEK)?.opens;
    if (!opens || (days === 0 && opens <= timeOf(wall))) continue;
    return interpolate(gettext("%s pukul %s"), [dayName(day, language), opens]);
  }
  return "";
}

function timeOf(wall) {
  return wall.toISOString().slice(11, 16).replace(":", ".");
}

function dayName(day, language) {
  return new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(day);
}
