/* How is a call said? The tables of voice/words.py, put together as that module does. */

const LAST_NUMBER = 9_999;

/** Return the names of clips and pauses: all of the call, or only its number and counter. */
export function sequence(call, grammar, { isWhole = false, isBrief = false } = {}) {
  const said = label(call.label, grammar, { isWhole });
  const counter = whole(call.counter, grammar);
  if (isBrief) return sentences([said, ["counter", ...counter]]);
  const again = call.calls > 1 ? [grammar.again[call.calls] ?? "again"] : [];
  const agency = call.agency ? [call.agency] : [];
  return sentences([again, ["number", ",", ...said], agency, ["go", ...counter]]);
}

/** Return the letters and figures of a number as it is printed: "A-012". */
export function label(text, grammar, { isWhole = false } = {}) {
  const [letters, digits] = text.split("-");
  const number = isWhole && Number(digits) <= LAST_NUMBER ? whole(Number(digits), grammar) : each(digits, grammar);
  return [...[...letters].map((letter) => `letter-${letter.toLowerCase()}`), ",", ...number];
}

const sentences = (parts) => parts.filter((part) => part.length).flatMap((part) => [...part, "."]).slice(0, -1);

const each = (digits, { below_hundred: words }) => [...digits].flatMap((digit) => words[digit]);

function whole(number, { below_hundred: words, hundreds, thousands }) {
  const rest = number % 100;
  const high = [...thousands[Math.floor(number / 1000)], ...hundreds[Math.floor(number / 100) % 10]];
  return rest || !number ? [...high, ...words[rest]] : high;
}
