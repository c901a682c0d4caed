/* May this screen start again without its server? Then `/sw.js` keeps what it is made of.
 *
 * Browsers allow that on https and on localhost only; elsewhere a restart needs the server
 * (docs/running.md has the switch of Chromium that helps).
 */

const WORKER = "/sw.js";
const CACHE = "surface"; // the same as in sw.js
const OURS = /^\/(static|jsi18n)\//;

export async function startWithoutServer() {
  if (!navigator.serviceWorker || !AbortSignal.timeout) return; // sw.js would answer nothing there
  const isFirstTime = !navigator.serviceWorker.controller;
  try {
    const worker = await navigator.serviceWorker.register(trusted(WORKER), { scope: location.pathname });
    if (worker && isFirstTime) await keepThisPage();
  } catch {
    // The screen itself needs none of this.
  }
}

/** What was loaded before the worker was there, it has not seen. */
async function keepThisPage() {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const files = loaded.filter(({ origin, pathname }) => origin === location.origin && OURS.test(pathname));
  const cache = await caches.open(CACHE);
  await cache.addAll([...new Set([location.pathname, ...files.map(String)])]);
}

function trusted(address) {
  const rules = { createScriptURL: () => address };
  return window.trustedTypes ? trustedTypes.createPolicy("own-worker", rules).createScriptURL("") : address;
}
