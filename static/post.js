/* How does a press reach the hall, exactly once?
 *
 *   const answer = await send("/api/v1/halls/payakumbuh/visits", { services: ["A01"] });
 *
 * A failed or unknown answer is sent again with the same key, so it counts once however often it
 * travelled. What cannot be mended becomes a `Refusal`, whose message is a sentence for people and
 * whose key lets the same press be tried again later.
 */

const PATIENCE = 20_000;
const ATTEMPT = 8_000;
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 4_000;
const WORTH_ANOTHER_TRY = new Set([0, 429, 500, 502, 503, 504]);

export class Refusal extends Error {
  constructor({ status = 0, code = "", message = "", key }) {
    super(message || sentence(status));
    this.name = "Refusal";
    this.status = status;
    this.code = code;
    this.key = key;
  }

  /** Whether nobody knows if the press counted: the same key must be used to try again. */
  get isUnknown() {
    return WORTH_ANOTHER_TRY.has(this.status);
  }
}

/** A new key for a new press. `crypto.randomUUID` is missing on plain http in the hall's network. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** POST `body` and return the JSON answer; `onRetry(attempt)` may tell the person why it takes long. */
export async function send(url, body = {}, { key = newKey(), patience = PATIENCE, headers = {}, onRetry } = {}) {
  const giveUpAt = performance.now() + patience;
  let hasFreshToken = false;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await once(url, body, { ...headers, ...ours(key) });
    if (answer.ok) return answer.body;
    if (answer.status === 403 && !hasFreshToken) {
      hasFreshToken = true;
      await freshToken();
      continue;
    }
    const pause = pauseAfter(attempt, answer.retryAfter);
    if (!WORTH_ANOTHER_TRY.has(answer.status) || performance.now() + pause > giveUpAt) {
      throw new Refusal({ ...answer.body, status: answer.status, key });
    }
    onRetry?.(attempt);
    await sleep(pause);
  }
}

async function once(url, body, headers) {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), ATTEMPT);
  try {
    const response = await fetch(url, {
      method: "POST",
      body: JSON.stringify(body),
      headers,
      signal: clock.signal,
    });
    return await read(response);
  } catch {
    return { ok: false, status: 0, retryAfter: 0, body: {} };
  } finally {
    clearTimeout(timer);
  }
}

function ours(key) {
  return {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Language": document.documentElement.lang,
    "Idempotency-Key": key,
    "X-CSRFToken": token(),
  };
}

/** Read an answer whole; one that breaks off in the middle throws and is asked for again. */
async function read(response) {
  const text = await response.text();
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  return {
    ok: response.ok,
    status: response.status,
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
    body: isJson && text ? JSON.parse(text) : {},
  };
}

function pauseAfter(attempt, retryAfter) {
  const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt);
  return Math.max(retryAfter * 1000, FIRST_PAUSE + Math.random() * (longest - FIRST_PAUSE));
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// --- The CSRF token ------------------------------------------------------------------------------

function token() {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
  return cookie?.split("=")[1] ?? document.querySelector("meta[name=csrf]")?.content ?? "";
}

/** Any page of ours sets the cookie anew; the one that is open is as good as another. */
async function freshToken() {
  try {
    await fetch(location.pathname, { cache: "no-store", redirect: "manual" });
  } catch {
    // The next attempt will say what is wrong.
  }
}

// --- Words ---------------------------------------------------------------------------------------

function sentence(status) {
  if (status === 401) return gettext("Sesi Anda berakhir. Silakan masuk lagi.");
  if (status === 403 || status === 404) return gettext("Ini bukan bagian Anda. Silakan hubungi penyelia.");
  if (status === 429) return gettext("Terlalu banyak permintaan. Tunggu sebentar, lalu coba lagi.");
  if (WORTH_ANOTHER_TRY.has(status)) {
    return gettext("Server belum menjawab. Coba lagi, atau silakan ke resepsionis.");
  }
  return gettext("Permintaan ini tidak dapat diproses. Silakan ke resepsionis.");
}
