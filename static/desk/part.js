/* What is the page made of? Its parts by their ids, and where something is said. */

export const part = Object.fromEntries(
  [...document.querySelectorAll("[id]")].map((each) => [each.id, each]),
);

export function say(words, kind = "") {
  part.message.textContent = words;
  part.message.className = `message notice ${kind}`;
  part.message.hidden = !words;
}

/** Say it to those who do not see it happen. */
export function tellAloud(words) {
  part.told.textContent = words;
}
