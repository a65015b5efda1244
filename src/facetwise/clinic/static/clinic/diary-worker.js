// Keeps the diary's page on the phone, so that it opens without a connection. Entries are kept by the page itself.
"use strict";
const KEPT = "diary-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page says what it is made of: whatever it loaded is what it needs again.
self.addEventListener("message", (event) => {
  if (Array.isArray(event.data)) event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(event.data)));
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(
    fetch(event.request).catch(async () => {
      const kept = await caches.match(event.request, { ignoreVary: true });
      return kept || Response.error();
    }),
  );
});
