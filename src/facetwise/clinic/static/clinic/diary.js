// The page of the diary: what is saved and shown. diary-entries.js and diary-sending.js, loaded before, keep and send it.
"use strict";
const form = document.getElementById("rating");
const MINUTE = 60 * 1000;
const WAIT = 20 * 1000;
const clock = new Intl.DateTimeFormat(settings.language, { hour: "numeric", minute: "2-digit" });

// --- the page -------------------------------------------------------------------------------------------------------

function tell(words) {
  document.getElementById("told").textContent = words;
}

async function show() {
  const all = await entries();
  const waiting = all.filter((entry) => entry.state === "waiting").length;
  const line = waiting ? `${waiting} ${text.waiting}` : all.length ? text.all_sent : "";
  document.getElementById("sent").textContent = waiting && !navigator.onLine ? `${line}. ${text.offline}` : line;
  document.getElementById("slip").hidden = correcting.length > 0 || lastSaved(all).length === 0;
  document.getElementById("correcting").hidden = correcting.length === 0;
  showTimes(current(all));
}

// The times that are asked, and between them what was saved at another time.
function showTimes(all) {
  const given = new Date(settings.given_at).getTime();
  const rows = settings.times.map((minutes, place) => {
    const next = settings.times[place + 1] ?? minutes + 60;
    const before = settings.times[place - 1] ?? 0;
    const from = given + ((before + minutes) / 2) * MINUTE;
    const until = given + ((minutes + next) / 2) * MINUTE;
    const mine = all.filter((entry) => from <= Date.parse(entry.at) && Date.parse(entry.at) < until);
    return { at: given + minutes * MINUTE, from, until, mine };
  });
  const asked = new Set(rows.flatMap((row) => row.mine));
  const others = all.filter((entry) => !asked.has(entry));
  for (const at of new Set(others.map((entry) => Date.parse(entry.at))))
    rows.push({ at, from: at, until: at, mine: others.filter((entry) => Date.parse(entry.at) === at) });
  const items = rows.sort((one, other) => one.at - other.at).map(({ at, from, until, mine }) => {
    const item = document.createElement("li");
    const due = from <= Date.now() && Date.now() < until;
    item.append(span(clock.format(at)), span(said(mine, from, until), due || mine.length > 0));
    return item;
  });
  document.getElementById("times").replaceChildren(...items);
}

function said(mine, from, until) {
  const scores = mine.filter((entry) => entry.state !== "refused");
  if (scores.length) {
    const waits = scores.some((entry) => entry.state === "waiting") ? ` (${text.waiting})` : "";
    return `✓ ${scores.map((entry) => label(entry)).join(", ")}${waits}`;
  }
  if (mine.length) return text.refused;
  if (Date.now() < from) return "";
  return Date.now() < until ? text.due : text.missed;
}

function label(entry) {
  const side = entry.side ? `${text[entry.side]}: ` : "";
  return side + (entry.asleep ? text.slept : String(entry.score ?? "–"));
}

function span(words, due) {
  const element = document.createElement("span");
  element.textContent = words;
  if (due) element.className = "due";
  return element;
}

// --- saving, and putting a slip right: an entry of its own takes the place of the one before ------------------------

let correcting = []; // what the form is about to correct, every side of it
let askedDoing = false; // asked once; to leave it open is an answer, too

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const missing = whatIsMissing();
  if (missing) return ask(missing.words, missing.field);
  if (correcting.length && !sameEntries(correcting, lastSaved(await entries()))) return leave(text.too_late);
  const made = new Date().toISOString();
  const saved = settings.sides.map((side) => {
    const asleep = form.elements.asleep.checked;
    const score = asleep ? null : Number(form.elements[`score${side}`].value);
    const doing = form.elements.provoked.value; // nothing chosen is not documented, never a no
    const provoked = asleep || !doing ? null : doing === "true";
    const said = { side, score, provoked, asleep, rescue_analgesic: form.elements.medicine.checked };
    return entryOf(said, made, correcting.find((entry) => entry.side === side));
  });
  await keepAndSend(saved, phrase(text.saved, saved));
});

function entryOf(said, made, was) {
  const sent = { key: crypto.randomUUID(), at: made, ...said, ...(was && { replaces: was.key }) };
  const { key, side, score, asleep, rescue_analgesic: medicine, replaces = null } = sent;
  const at = was ? was.at : made; // a correction has the moment of what it corrects
  return { key, at, made, side, score, asleep, medicine, replaces, state: "waiting", sent };
}

async function keepAndSend(saved, words) {
  for (const entry of saved) await keep(entry);
  await leave(words);
  await send();
}

// The form as it was at first.
async function leave(words) {
  correcting = [];
  askedDoing = false;
  form.reset();
  mark(null);
  tell(words);
  await show();
}

function whatIsMissing() {
  if (form.elements.asleep.checked) return null;
  const sides = settings.sides.filter((side) => !form.elements[`score${side}`].value);
  const words = sides.map((side) => text[side ? `choose_${side}` : "choose"]).join(" ");
  if (sides.length) return { words, field: form.elements[`score${sides[0]}`][0] };
  if (form.elements.provoked.value || askedDoing) return null;
  askedDoing = true;
  return { words: text.ask_doing, field: form.elements.provoked[0] };
}

function ask(words, field) {
  tell(words);
  mark(field.closest("fieldset"));
  field.focus();
}

function mark(fieldset) {
  for (const one of form.querySelectorAll("fieldset")) one.classList.toggle("missing", one === fieldset);
}

function phrase(words, saved) {
  const score = (entry) => (entry.asleep ? text.slept : text.score.replace("{score}", entry.score));
  const side = (entry) => (entry.side && !entry.asleep ? `${text[`only_${entry.side}`]} ` : "");
  const what = [...new Set(saved.map((entry) => side(entry) + score(entry)))].join(", ");
  return words.replace("{what}", what).replace("{time}", clock.format(Date.parse(saved[0].at)));
}

function sameEntries(some, others) {
  return some.length === others.length && some.every((one) => others.some((other) => other.key === one.key));
}

document.getElementById("correct").addEventListener("click", async () => {
  const last = lastSaved(await entries());
  if (!last.length) return leave(text.too_late);
  form.reset();
  mark(null);
  correcting = last;
  for (const { sent } of last) {
    if (sent.score !== null) form.elements[`score${sent.side}`].value = String(sent.score);
    if (sent.provoked !== null) form.elements.provoked.value = String(sent.provoked);
    form.elements.asleep.checked = sent.asleep;
    form.elements.medicine.checked = sent.rescue_analgesic;
  }
  tell(phrase(text.correcting, last));
  await show();
  form.querySelector("input[type=radio]").focus();
});

document.getElementById("take-back").addEventListener("click", async () => {
  const last = lastSaved(await entries());
  if (!last.length) return leave(text.too_late);
  const nothing = { score: null, provoked: null, asleep: false, rescue_analgesic: false };
  const made = new Date().toISOString();
  const back = last.map((was) => entryOf({ side: was.side, ...nothing }, made, was));
  await keepAndSend(back, phrase(text.taken_back, last));
});

document.getElementById("keep").addEventListener("click", () => leave(""));

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
  await offerAgain();
  await fetchArrived();
  await send();
}

document.addEventListener("visibilitychange", async () => {
  if (document.visibilityState !== "visible") return;
  await fetchArrived();
  await send();
});
addEventListener("online", send); // it may never come: the others do without
setInterval(send, WAIT);
begin();
