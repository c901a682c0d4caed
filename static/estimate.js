/* When is a number called? As a range of clock times, the same on every screen. */

/** "09.40–10.00", never broken, "segera", or nothing while nobody can say. */
export function rangeOf(estimate) {
  if (!estimate) return "";
  if (estimate.soon) return gettext("segera");
  const [from, to] = [estimate.from, estimate.to].map((at) => at.slice(11, 16).replace(":", "."));
  return from === to ? from : `${from}\u2060–\u2060${to}`;
}

/** "perkiraan dipanggil 09.40–10.00", to stand behind a sentence; or nothing. */
export function calledWhen(estimate) {
  const range = rangeOf(estimate);
  return range && interpolate(gettext("perkiraan dipanggil\u00a0%s"), [range]);
}
