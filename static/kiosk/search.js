/* Which service does this person mean? Search by everyday words, forgiving a slip of the finger.
 *
 *   const find = searcher(services);
 *   find("bikin pasport")  →  services, best first
 *
 * A service is found by its names in both languages, its agency, its code and its aliases.
 * Every word that says something must be met; only when no service meets all, some are enough.
 */

const STOP_WORDS = new Set(
  ("saya mau ingin mohon tolong bisa cara urus mengurus ngurus bikin buat membuat minta dan atau di ke dari " +
    "yang untuk buat punya karena sudah belum nya pak bu i want to my the a an of for and or how get make need new")
    .split(" "),
);
const WEIGHTS = { alias: 1, name: 0.9, other: 0.7, agency: 0.5 };
const EXACT = 1;
const BEGINS = 0.85;
const CONTAINS = 0.7;
const ONE_SLIP = 0.6;
const TWO_SLIPS = 0.4;
const WHOLE_PHRASE = 2;
const FREQUENT = 0.5;

/** "Kartu Keluarga (KK)" → ["kartu", "keluarga", "kk"]; "e-KTP" and "KTP-el" stay one word each. */
function wordsOf(text) {
  return plain(text).split(" ").filter(Boolean);
}

function plain(text) {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase()
    .replace(/\be-ktp\b|\bktp-el\b|\bektp\b/g, "ktp")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

export function searcher(services) {
  const index = services.map(entry);
  return (query) => {
    const asked = meaningful(wordsOf(query));
    if (!asked.length) return [];
    const phrase = asked.join(" ");
    const found = index.map((one) => judge(one, asked, phrase)).filter(({ met }) => met > 0);
    const most = Math.max(0, ...found.map(({ met }) => met));
    const fitting = found.filter(({ met }) => met === most);
    const sure = fitting.filter(({ isSure }) => isSure);
    return (sure.length ? sure : fitting)
      .sort((a, b) => b.score - a.score || a.order - b.order)
      .map(({ service }) => service);
  };
}

/** The words that say something; of "bikin" alone, "bikin" itself. */
function meaningful(words) {
  const saying = words.filter((word) => !STOP_WORDS.has(word));
  return saying.length ? saying : words;
}

function entry(service, order) {
  const fields = {
    alias: service.aliases.join(" "),
    name: service.name,
    other: service.other,
    agency: `${service.agencyNames} ${service.code}`,
  };
  const weights = new Map();
  for (const [field, text] of Object.entries(fields)) {
    for (const word of wordsOf(text)) {
      weights.set(word, Math.max(weights.get(word) ?? 0, WEIGHTS[field]));
    }
  }
  const phrases = [service.name, service.other, ...service.aliases].map((text) =>
    meaningful(wordsOf(text)).join(" "));
  return { service, order, words: [...weights], phrases };
}

function judge({ service, order, words, phrases }, asked, phrase) {
  const bests = asked.map((word) => best(word, words)).filter(({ score }) => score > 0);
  const fit = Math.max(...phrases.map((text) => closeness(text, phrase)));
  const bonus = service.rank && fit ? fit + FREQUENT : fit;
  return {
    service,
    order,
    met: bests.length,
    isSure: bests.every(({ likeness }) => likeness >= CONTAINS),
    score: bests.reduce((sum, { score }) => sum + score, bonus),
  };
}

/** How well the service's whole phrases fit: the same words beat words among many others. */
function closeness(text, phrase) {
  if (text === phrase) return WHOLE_PHRASE;
  if (!` ${text}`.includes(` ${phrase}`)) return 0;
  return WHOLE_PHRASE * (phrase.length / text.length) * (text.startsWith(phrase) ? 0.9 : 0.7);
}

function best(asked, words) {
  let highest = { score: 0, likeness: 0 };
  for (const [word, weight] of words) {
    if (weight <= highest.score) continue;
    const likeness = likenessOf(asked, word);
    if (weight * likeness > highest.score) highest = { score: weight * likeness, likeness };
  }
  return highest;
}

function likenessOf(asked, word) {
  if (asked === word) return EXACT;
  if (word.startsWith(asked)) return BEGINS;
  if (asked.length >= 4 && word.includes(asked)) return CONTAINS;
  const allowed = slipsAllowed(asked.length);
  if (!allowed) return 0;
  const slips = Math.min(distance(asked, word), distance(asked, word.slice(0, asked.length)));
  if (slips > allowed) return 0;
  return slips === 1 ? ONE_SLIP : TWO_SLIPS;
}

function slipsAllowed(length) {
  if (length < 4) return 0;
  return length < 7 ? 1 : 2;
}

/** Slips of the finger between two words: a letter too many, too few, wrong, or two swapped. */
function distance(a, b) {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let before = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      line[column] = Math.min(above[column] + 1, line[column - 1] + 1, above[column - 1] + !isSame);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) line[column] = Math.min(line[column], before[column - 2] + 1);
    }
    before = above;
    above = line;
  }
  return above[b.length];
}
