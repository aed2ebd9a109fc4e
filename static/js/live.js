/* The server says what changed, the page fetches it. One stream a page, on the address in <body data-live-url>.
   Message: event "changed", data {"topics": ["agenda:2026-11-20"], "id": 7}. For it the body receives
   changed:agenda and changed:agenda:2026-11-20, so that hx-trigger="changed:agenda from:body" re-reads a part. */
const body = document.body;
const HIDDEN_LIMIT = 60_000;
const POLL_EVERY = 15_000;
const SLOWEST = 30_000;

let source = null;
let lastId = "";
let attempts = 0;
let missed = false;
let retryTimer;
let pollTimer;
let hiddenTimer;
let owedTimer;
let refusals = 0;
const owed = new Set();

function tell(name, detail) {
  body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}

function onChanged(message) {
  lastId = message.lastEventId || lastId;
  const data = JSON.parse(message.data);
  const names = new Set(data.topics.flatMap((topic) => [`changed:${topic.split(":")[0]}`, `changed:${topic}`]));
  names.forEach((name) => tell(name, data));
}

/* The server's greeting says from which id on it would tell what was missed; "reset" that it no longer can. */
function onHello(message) {
  lastId = message.lastEventId || lastId;
}

function onReset(message) {
  onHello(message);
  catchUp();
}

/* After a gap nobody knows what changed: everything that listens re-reads itself; what stands in a whole that listens
   to "missed" comes with that, in one request. */
function catchUp() {
  const names = new Set(["missed"]);
  for (const element of document.querySelectorAll("[hx-trigger*='changed:']")) {
    if (element.closest("[hx-trigger*='missed ']")) continue;
    (element.getAttribute("hx-trigger").match(/changed:[\w:-]+/g) ?? []).forEach((name) => names.add(name));
  }
  names.forEach((name) => tell(name, { topics: [], caughtUp: true }));
}

function connect() {
  clearTimeout(retryTimer);
  source?.close();
  const url = new URL(body.dataset.liveUrl, location.href);
  if (lastId) url.searchParams.set("last_event_id", lastId);
  source = new EventSource(url);
  source.addEventListener("open", onOpen);
  source.addEventListener("error", onError);
  source.addEventListener("hello", onHello);
  source.addEventListener("changed", onChanged);
  source.addEventListener("reset", onReset);
}

/* The page says that it is up to date only while the stream is open and no part of it waits to be read again. */
function show() {
  const isOpen = source?.readyState === EventSource.OPEN && navigator.onLine;
  body.dataset.live = isOpen && owed.size === 0 ? "on" : "off";
}

function onOpen() {
  show();
  attempts = 0;
  clearInterval(pollTimer);
  pollTimer = undefined;
  if (missed) catchUp();
  missed = false;
}

/* Covers a lost network and a refusal (503) alike: the page polls while the stream is away. */
function onError() {
  stop();
  pollTimer ??= setInterval(catchUp, POLL_EVERY);
  const wait = Math.min(SLOWEST, 1000 * 2 ** attempts) * (0.5 + Math.random() / 2);
  attempts += 1;
  retryTimer = setTimeout(connect, wait);
}

function stop() {
  source?.close();
  source = null;
  clearTimeout(retryTimer);
  show();
  missed = true;
}

/* A part that could not be read again is owed: it is asked for until it comes. */
function onAnswer(event) {
  const { sourceEvent, response } = event.detail.ctx ?? {};
  if (!/^(changed:|missed$|frame$)/.test(sourceEvent?.type ?? "")) return;
  const failed = !response || response.status >= 500 || response.status === 429;
  if (failed) owed.add(event.target);
  owed.forEach((element) => {
    if (!element.isConnected || (!failed && event.target.contains(element))) owed.delete(element);
  });
  clearTimeout(owedTimer);
  if (owed.size) owedTimer = setTimeout(catchUp, Math.min(POLL_EVERY, 1000 * 2 ** refusals));
  refusals = owed.size ? refusals + 1 : 0;
  show();
}

function onOnline() {
  if (source) catchUp();
  else connect();
  show();
}

function pause() {
  stop();
  clearInterval(pollTimer);
  pollTimer = undefined;
}

function onVisibility() {
  clearTimeout(hiddenTimer);
  if (document.hidden) hiddenTimer = setTimeout(pause, HIDDEN_LIMIT);
  else if (!source) connect();
}

document.addEventListener("visibilitychange", onVisibility);
addEventListener("pagehide", pause);
addEventListener("pageshow", (event) => event.persisted && connect());
addEventListener("online", onOnline);
addEventListener("offline", show);
document.addEventListener("htmx:error", onAnswer);
document.addEventListener("htmx:after:request", onAnswer);
connect();
