// Keeps the page's own files on the phone, so that it opens without signal. Answers of the API are not its business:
// the page keeps those itself, by person.
const VERSION = "%VERSION%";
const FILES = "%FILES%";
const CACHE = `shell-${VERSION}`;
const PAGE = "./";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([PAGE, ...FILES])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const clean = async () => {
    for (const name of await caches.keys()) if (name.startsWith("shell-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

/** A page: from the network while that answers at once, else from the phone; on a slow line nobody waits for it. */
async function page(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(PAGE);
  const slow = new Promise((resolve) => setTimeout(resolve, kept ? 600 : 60000));
  try {
    const fresh = await Promise.race([fetch(request), slow]);
    return fresh?.ok ? fresh : kept ?? fresh ?? Response.error();
  } catch {
    return kept ?? Response.error();
  }
}

/** A file: its name changes with its content, so what the phone has is right. */
async function file(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  return kept ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (!url.pathname.startsWith(new URL(self.registration.scope).pathname)) return;
  event.respondWith(request.mode === "navigate" ? page(request) : file(request));
});
