/* Without network: the page says when it was read, and an answer waits on the phone until the server has spoken. */
const body = document.body;
const note = document.querySelector("[data-offline]");
const words = document.querySelector("[data-waiting]");
const zone = document.querySelector("[data-zone]")?.dataset.zone;
const member = document.querySelector("[data-member]").dataset.member;
const STORE = "answers";
const PATIENCE = 4000;
const PLACES = "form, details, .offer-actions, .offer-else";
const ANSWER = "[data-offer] form[action], form[data-offer][action]";

let readAt = new Date(body.dataset.keptAt ?? Date.now());
let timer;
let sending = false;

function isOffline() {
  return !navigator.onLine || "keptAt" in body.dataset;
}

function spoken(date) {
  const form = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  const today = Date.now() - date < 12 * 3600_000;
  const day = today ? {} : { weekday: "short", day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(document.documentElement.lang === "fr" ? "fr" : "en-GB", { ...form, ...day }).format(date);
}

function show() {
  note.hidden = !isOffline();
  if (!note.hidden) note.querySelector("span").textContent = note.dataset.offline.replace("{time}", spoken(readAt));
  answers().forEach(paint);
}

/* The answers that wait: those of this member only, whoever else had the phone. */
function answers() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "[]").filter((one) => one.member === member);
  } catch {
    return [];
  }
}

function keep(list) {
  if (list.length) localStorage.setItem(STORE, JSON.stringify(list));
  else localStorage.removeItem(STORE);
}

function cardOf(answer) {
  return document.getElementById(answer.card);
}

/* In place of the buttons stands what she has answered, and that nobody knows it yet. */
function paint(answer) {
  const card = cardOf(answer);
  if (!card || card.dataset.waits === "yes") return;
  card.dataset.waits = "yes";
  card.querySelectorAll(PLACES).forEach((one) => (one.hidden = true));
  const told = words.content.firstElementChild.cloneNode(true);
  const verb = answer.url.endsWith("/accept") ? "accept" : "";
  told.querySelectorAll("[data-if]").forEach((one) => (one.hidden = one.dataset.if !== verb));
  /* Where the buttons stood, so that it is seen where the tap was. */
  const buttons = card.querySelector(".offer-actions");
  if (buttons) buttons.after(told);
  else card.append(told);
}

function unpaint(answer) {
  const card = cardOf(answer);
  if (!card) return;
  delete card.dataset.waits;
  card.querySelectorAll(PLACES).forEach((one) => (one.hidden = false));
  card.querySelector(".offer-waits")?.remove();
}

function save(form, submitter) {
  const card = form.closest("[data-offer]");
  const data = new FormData(form, submitter);
  data.delete("csrf_token");
  const answer = {
    member, card: card.id, url: form.getAttribute("action"), body: new URLSearchParams(data).toString(),
  };
  keep([...answers().filter((one) => one.card !== answer.card), answer]);
  show();
  wait();
}

function wait() {
  clearTimeout(timer);
  if (answers().length) timer = setTimeout(flush, PATIENCE);
}

/* One after the other; what the server says about each stands in its card from then on. */
async function flush() {
  if (sending || !navigator.onLine) return wait();
  sending = true;
  try {
    for (const answer of answers()) {
      if (!(await send(answer))) break;
      keep(answers().filter((one) => one.card !== answer.card));
    }
  } finally {
    sending = false;
    wait();
  }
}

/* Whether the server has spoken. */
async function send(answer) {
  const headers = { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true", "X-CSRFToken": token() };
  const response = await fetch(answer.url, { method: "POST", body: answer.body, headers }).catch(() => null);
  if (!response || response.status >= 500 || response.status === 429) return false;
  const to = response.headers.get("HX-Redirect");
  if (to) location.assign(to);
  const said = response.headers.get("HX-Trigger");
  if (said) Object.entries(JSON.parse(said)).forEach(([name, detail]) => body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true })));
  const html = await response.text();
  const card = cardOf(answer);
  unpaint(answer);
  if (card && html.trim() && (response.ok || response.status === 409)) {
    card.outerHTML = html;
    htmx.process(document.getElementById(answer.card) ?? body);
  }
  return true;
}

function token() {
  return document.querySelector("[data-member]").dataset.token;
}

/* A tap without network is not sent at all; one that the network has swallowed is kept all the same. */
let tapped = null;
document.addEventListener("submit", (event) => {
  if (!event.target.matches(ANSWER)) return;
  tapped = { form: event.target, submitter: event.submitter };
  if (navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  save(event.target, event.submitter);
}, true);

document.addEventListener("htmx:error", (event) => {
  const source = event.detail.ctx?.sourceElement;
  if (!source?.matches?.(source.isConnected ? ANSWER : "form[action*='/offers/']") || event.detail.ctx.response) return;
  event.stopImmediatePropagation();
  /* Where the form has gone, the card was read again meanwhile and stands as it has been answered. */
  if (source.isConnected) save(source, tapped?.form === source ? tapped.submitter : null);
}, true);

/* What asks by itself is not asked for without network, and complains to nobody. */
document.addEventListener("htmx:before:request", (event) => {
  const cause = event.detail.ctx?.sourceEvent?.type ?? "";
  if (isOffline() && !navigator.onLine && !/^(submit|click)$/.test(cause)) event.preventDefault();
});

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.target?.id === "day") {
    readAt = new Date();
    delete body.dataset.keptAt;
  }
  show();
});

addEventListener("online", () => {
  flush();
  show();
  if ("keptAt" in body.dataset) body.dispatchEvent(new CustomEvent("changed:offers", { bubbles: true }));
});
addEventListener("offline", show);
document.addEventListener("visibilitychange", () => document.hidden || flush());
show();
flush();
