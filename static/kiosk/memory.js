/* What survives a power cut? One value, on the disk before the promise is kept.
 *
 * localStorage reaches the disk seconds later: a browser that is killed has forgotten what it was
 * told just before. IndexedDB can be asked to write at once.
 */

const STORE = "kept";
const NAME = "press";
let opened = null;

function open() {
  opened ??= asked(indexedDB.open("kiosk", 1), (request) => {
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  });
  return opened;
}

function asked(request, prepare = () => {}) {
  return new Promise((resolve, reject) => {
    prepare(request);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Keep a value, or forget it with null; a device without a store forgets it at a restart. */
export async function keep(value) {
  try {
    const change = (await open()).transaction(STORE, "readwrite", { durability: "strict" });
    change.objectStore(STORE).put(value, NAME);
    await new Promise((resolve) => Object.assign(change, { oncomplete: resolve, onabort: resolve }));
  } catch {
    // The press itself still counts once.
  }
}

export async function kept() {
  try {
    return (await asked((await open()).transaction(STORE).objectStore(STORE).get(NAME))) ?? null;
  } catch {
    return null;
  }
}
