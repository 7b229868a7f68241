// Keeps what was fetched, so that the page works without a network after the first visit. Files with a fingerprint in
// their name never change; of all others the newest is taken where there is a network.

const CACHE = "hearsay";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || /\/(live|trace)\//.test(url.pathname)) return;
  event.respondWith(url.pathname.includes("/_framework/") ? kept(event.request) : fresh(event.request));
});

self.addEventListener("message", (event) => {
  if (event.data === "keep the book") event.waitUntil(keepBook());
});

let keeping;

/** Keeps chapters, search and API reference before anybody reads them. One call at a time; a later one tries again. */
function keepBook() {
  keeping ??= fetchBook().catch(() => {}).finally(() => { keeping = undefined; });
  return keeping;
}

async function fetchBook() {
  const cache = await caches.open(CACHE);
  const list = new URL("learn/files.json", self.location);
  const response = await fetch(list, { cache: "no-cache" });
  if (!response.ok) return;
  const { version, files } = await response.clone().json();
  const known = await cache.match(list);
  if (known && (await known.json()).version === version) return;
  for (let i = 0; i < files.length; i += 4) {
    await Promise.all(files.slice(i, i + 4).map((file) =>
      keep(cache, new Request(new URL(file, self.location), { cache: "no-cache" }))));
  }
  // The last one, since it says that all others are there.
  await cache.put(list, response);
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(request);
  return known ?? keep(cache, request);
}

async function fresh(request) {
  const cache = await caches.open(CACHE);
  try {
    return await keep(cache, request);
  } catch (error) {
    const known = await cache.match(request, { ignoreSearch: true });
    if (known) return known;
    throw error;
  }
}

async function keep(cache, request) {
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
