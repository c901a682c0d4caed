/* Will it still be served today? What the hall thinks of one service, asked when it is opened. */

const ANSWER = 5_000;
const FEW_MINUTES = 15;

/** The hall's outlook on a service, or null when it has none to give. */
export async function outlookOf({ hall, language }, code) {
  try {
    const response = await fetch(`/api/v1/halls/${hall}/services/${code}/outlook`, {
      cache: "no-store",
      headers: { "Accept-Language": language },
      signal: AbortSignal.timeout(ANSWER),
    });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** What should be asked before a number is printed; "" when nothing speaks against it. */
export function doubtOf(outlook) {
  if (!outlook) return "";
  if (outlook.served_today === "unlikely") {
    return gettext("Kemungkinan besar tidak sempat dilayani hari ini.");
  }
  const minutes = outlook.minutes_left;
  if (typeof minutes !== "number" || minutes > FEW_MINUTES) return "";
  const text = ngettext("Masih dibuka %s menit lagi.", "Masih dibuka %s menit lagi.", minutes);
  return interpolate(text, [minutes]);
}
