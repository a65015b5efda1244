// What this phone keeps of diaries: entries by the diary that they are of, so that those of two never mix.
"use strict";

function store(mode) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("facetwise-diary", 2);
    opening.onupgradeneeded = () => {
      if (opening.result.objectStoreNames.contains("entries")) opening.result.deleteObjectStore("entries");
      opening.result.createObjectStore("entries", { keyPath: ["diary", "key"] });
    };
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => resolve(opening.result.transaction("entries", mode).objectStore("entries"));
  });
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function allOf(diary) {
  return IDBKeyRange.bound([diary], [diary, []]);
}

// The clinic has what is sent. What waits stays here for its own link.
async function forgetWhatIsSent() {
  const all = await done((await store("readonly")).getAll());
  const waiting = new Set(all.filter((entry) => entry.state === "waiting").map((entry) => entry.diary));
  for (const diary of new Set(all.map((entry) => entry.diary)))
    if (!waiting.has(diary)) await done((await store("readwrite")).delete(allOf(diary)));
  if (!waiting.size) await caches.delete("diary-1");
}
