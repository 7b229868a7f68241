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
