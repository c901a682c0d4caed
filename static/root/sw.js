/* How does a screen start when its server does not answer? With the page and files of last time.
 *
 * The server comes first, always; what it sent is kept, and given out only while it is silent. So
 * no screen ever runs old code beside a new page. Boards and presses never pass through here.
 */

const CACHE = "surface";
const PAGE_WITHIN = 5_000;
const FILE_WITHIN = 3_000;
const SILENT_FOR = 30_000;

let silentUntil = 0;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url.pathname));
  else if (/^\/(static|jsi18n)\//.test(url.pathname)) event.respondWith(file(request));
});

/** A page is kept under its bare address: `?lang=` is a wish of the moment. */
async function page(request, address) {
  const answer = await ask(request, PAGE_WITHIN);
  if (answer && answer.status < 500) {
    silentUntil = 0;
    return keep(address, answer);
  }
  silentUntil = Date.now() + SILENT_FOR;
  return (await caches.match(address)) ?? answer ?? Response.error();
}

async function file(request) {
  const isSilent = Date.now() < silentUntil;
  const answer = (isSilent && (await caches.match(request))) || (await ask(request, FILE_WITHIN));
  if (answer) return isSilent ? answer : keep(request, answer);
  return (await caches.match(request)) ?? Response.error();
}

async function ask(request, within) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(within) });
  } catch {
    return null;
  }
}

async function keep(name, answer) {
  if (answer.ok) await (await caches.open(CACHE)).put(name, answer.clone());
  return answer;
}
