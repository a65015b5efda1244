// The diary on the phone. Every entry is kept here first and sent when it can be; the clinic keeps each once.
"use strict";
const settings = JSON.parse(document.getElementById("settings").textContent);
const text = settings.text;
const form = document.getElementById("rating");
const MINUTE = 60 * 1000;
const WAIT = 20 * 1000;

// --- entries on this phone, by their key ---------------------------------------------------------------------------

function store(mode) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("facetwise-diary", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("entries", { keyPath: "key" });
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

async function entries() {
  const all = await done((await store("readonly")).getAll());
  return all.filter((entry) => entry.diary === settings.given_at).sort((one, other) => (one.at < other.at ? -1 : 1));
}

async function keep(entry) {
  await done((await store("readwrite")).put(entry));
}

// --- sending: tried on load, when the page is looked at, after every entry, and from time to time -------------------

let sending = false;

async function send() {
  if (sending) return;
  sending = true;
  try {
    const waiting = (await entries()).filter((entry) => entry.state === "waiting");
    if (waiting.length) await sendThese(waiting);
  } catch (error) {
    // No connection: they wait.
  } finally {
    sending = false;
    await show();
  }
}

async function sendThese(waiting) {
  const message = { now: new Date().toISOString(), entries: waiting.map((entry) => entry.sent) };
  const answer = await fetch(form.dataset.entries, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: JSON.stringify(message),
  });
  if (answer.status === 410) return tell(text.again);
  if (!answer.ok) return;
  const taken = await answer.json();
  for (const entry of waiting) {
    if (taken.kept.includes(entry.key)) await keep({ ...entry, state: "sent" });
    else if (entry.key in taken.refused) await keep({ ...entry, state: "refused" });
  }
}

async function fetchArrived() {
  try {
    const answer = await fetch(form.dataset.state);
    if (answer.status === 410) return tell(text.again);
    if (!answer.ok) return;
    const here = new Set((await entries()).map((entry) => entry.key));
    for (const one of (await answer.json()).entries)
      if (!here.has(one.key)) await keep({ ...one, diary: settings.given_at, state: "sent" });
  } catch (error) {
    // No connection: what is on this phone is shown.
  }
}

// --- the page -------------------------------------------------------------------------------------------------------

function tell(words) {
  document.getElementById("told").textContent = words;
}

async function show() {
  const all = await entries();
  const waiting = all.filter((entry) => entry.state === "waiting").length;
  const line = waiting ? `${waiting} ${text.waiting}` : all.length ? text.all_sent : "";
  document.getElementById("sent").textContent = waiting && !navigator.onLine ? `${line}. ${text.offline}` : line;
  showTimes(all);
}

function showTimes(all) {
  const list = document.getElementById("times");
  const given = new Date(settings.given_at).getTime();
  const clock = new Intl.DateTimeFormat(settings.language, { hour: "numeric", minute: "2-digit" });
  const items = settings.times.map((minutes, place) => {
    const asked = given + minutes * MINUTE;
    const next = settings.times[place + 1] ?? minutes + 60;
    const before = settings.times[place - 1] ?? 0;
    const from = given + ((before + minutes) / 2) * MINUTE;
    const until = given + ((minutes + next) / 2) * MINUTE;
    const mine = all.filter((entry) => from <= Date.parse(entry.at) && Date.parse(entry.at) < until);
    const item = document.createElement("li");
    item.append(span(clock.format(asked)), span(said(mine, from, until), from <= Date.now() && Date.now() < until));
    return item;
  });
  list.replaceChildren(...items);
}

function said(mine, from, until) {
  const scores = mine.filter((entry) => entry.state !== "refused");
  if (scores.length) return scores.map((entry) => label(entry)).join(", ");
  if (mine.length) return text.refused;
  if (Date.now() < from) return "";
  return Date.now() < until ? text.due : text.missed;
}

function label(entry) {
  const side = entry.side ? `${text[entry.side]}: ` : "";
  return side + (entry.asleep ? "–" : String(entry.score));
}

function span(words, due) {
  const element = document.createElement("span");
  element.textContent = words;
  if (due) element.className = "due";
  return element;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const asleep = form.elements.asleep.checked;
  const scores = settings.sides.map((side) => form.elements[`score${side}`].value);
  if (!asleep && scores.includes("")) return tell(text.choose);
  const at = new Date().toISOString();
  for (const [place, side] of settings.sides.entries()) {
    const key = crypto.randomUUID();
    const score = asleep ? null : Number(scores[place]);
    const doing = form.elements.provoked.value; // nothing chosen is not documented, never a no
    const provoked = asleep || !doing ? null : doing === "true";
    const sent = { key, at, side, score, provoked, asleep, rescue_analgesic: form.elements.medicine.checked };
    await keep({ key, at, side, score, asleep, diary: settings.given_at, state: "waiting", sent });
  }
  form.reset();
  tell(text.saved);
  await show();
  await send();
});

async function keepThisPage() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(form.dataset.worker);
    const ready = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map((one) => one.name);
    const parts = loaded.filter((name) => name.startsWith(location.origin) && name.includes("/static/"));
    ready.active.postMessage([location.href, ...parts]);
  } catch (error) {
    // Without a connection the worker of before goes on.
  }
}

async function begin() {
  keepThisPage(); // nothing waits for it: entries are sent whether the page is kept or not
  await show();
  await fetchArrived();
  await send();
}

document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
setInterval(send, WAIT);
begin();
