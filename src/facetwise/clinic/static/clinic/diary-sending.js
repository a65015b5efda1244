// Entries on their way to the clinic: tried on load, when the page is looked at, after each, and from time to time.
"use strict";
const AT_ONCE = 50; // entries in a message; the clinic takes twice as many
const SHUT = [403, 409, 410];

let sending = false;

async function send() {
  if (sending) return;
  sending = true;
  try {
    const waiting = (await entries()).filter((entry) => entry.state === "waiting");
    for (let first = 0; first < waiting.length; first += AT_ONCE)
      if (!(await sendThese(waiting.slice(first, first + AT_ONCE)))) break;
  } catch (error) {
    // No connection: they wait.
  } finally {
    sending = false;
    await show();
  }
}

// Whether others may be sent after these. What the clinic cannot take at once it is given in halves, down to each alone.
async function sendThese(some) {
  const answer = await post(some);
  if (SHUT.includes(answer.status)) return shut(answer.status);
  if (answer.ok) return markTaken(some, await answer.json());
  if (answer.status !== 422 && answer.status !== 500) return false;
  if (some.length > 1) {
    const half = some.length >> 1;
    return (await sendThese(some.slice(0, half))) && sendThese(some.slice(half));
  }
  if (answer.status === 422) await refuse(some[0]);
  return true;
}

function post(some) {
  const now = new Date().toISOString();
  return fetch(form.dataset.entries, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: JSON.stringify({ diary: settings.diary, now, entries: some.map((entry) => entry.sent) }),
  });
}

async function markTaken(some, taken) {
  for (const entry of some) {
    if (taken.kept.includes(entry.key)) await keep({ ...entry, state: "sent" });
    else if (entry.key in taken.refused) await refuse(entry);
  }
  return true;
}

async function refuse(entry) {
  await keep({ ...entry, state: "refused", refused_for: settings.given_at });
}

// Another link is open in this browser, or none: what waits stays on this phone for its own.
async function shut(status) {
  tell(text.again);
  if (status === 410) await forgetWhatIsSent();
  return false;
}

async function fetchArrived() {
  try {
    const answer = await fetch(`${form.dataset.state}?diary=${settings.diary}`);
    if (SHUT.includes(answer.status)) return await shut(answer.status);
    if (!answer.ok) return;
    const here = new Set((await entries()).map((entry) => entry.key));
    for (const one of (await answer.json()).entries) if (!here.has(one.key)) await keep({ ...one, state: "sent" });
  } catch (error) {
    // No connection: what is on this phone is shown.
  }
}

// What was refused by another time of the anaesthetic may fit the one that is known now.
async function offerAgain() {
  for (const entry of await entries())
    if (entry.state === "refused" && entry.refused_for !== settings.given_at) await keep({ ...entry, state: "waiting" });
}
