/* How long is that, in words? */

export function minutes(milliseconds) {
  return interpolate(gettext("%s mnt"), [Math.max(0, Math.floor(milliseconds / 60_000))]);
}

export function stopwatch(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Whole seconds until a moment, at least 0. */
export const secondsTo = (moment, now) => Math.max(0, Math.ceil((new Date(moment) - now) / 1000));
