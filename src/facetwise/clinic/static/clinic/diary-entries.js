// The diary on the phone. Every entry is kept here first and sent when it can be; the clinic keeps each once.
"use strict";
const settings = JSON.parse(document.getElementById("settings").textContent);
const text = settings.text;

// --- entries of this diary on this phone: diary-store.js, loaded before, keeps them -----------------------------

async function entries() {
  const all = await done((await store("readonly")).getAll(allOf(settings.diary)));
  const order = (entry) => Date.parse(entry.at) * 2 + (entry.replaces ? 1 : 0); // a correction after what it corrects
  const made = (entry) => Date.parse(entry.made ?? 0);
  const side = (one, other) => (one.side < other.side ? -1 : 1);
  return all.sort((one, other) => order(one) - order(other) || made(one) - made(other) || side(one, other));
}

// What counts: neither taken back nor corrected. A correction that the clinic refused changes nothing.
function current(all) {
  const gone = new Set(all.filter((entry) => entry.state !== "refused").map((entry) => entry.replaces));
  return all.filter((entry) => !gone.has(entry.key) && (entry.score !== null || entry.asleep || entry.medicine));
}

// What was saved last, every side of it, while it may still be taken back.
function lastSaved(all) {
  const mine = current(all).filter((entry) => entry.sent && entry.state !== "refused");
  const at = mine.at(-1)?.at;
  const age = Date.now() - Date.parse(at);
  return 0 <= age && age <= settings.correct_for * 1000 ? mine.filter((entry) => entry.at === at) : [];
}

async function keep(entry) {
  await done((await store("readwrite")).put({ ...entry, diary: settings.diary }));
}
