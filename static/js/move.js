/* Putting bookings elsewhere by hand: dragged with a mouse, by keys, or picked up, carried to any day and put down with
   a tap. Where a booking cannot be is asked once, when it is taken; the server decides when it is put down. */
const STEP = 300_000;
const SLOP = 4;
const EDGE = 7;
const PRESS = 400;
const MOVABLE = ["pending", "confirmed", "ongoing"];
const $ = (id) => document.getElementById(id);
const dock = $("dock");
const words = dock.dataset;
let held = null;
let press = null;
let follow = null;

const line = () => document.querySelector("[data-day-start]");
const grid = () => line() && document.querySelector(".agenda-body[role='grid']");
const scroller = () => document.querySelector(".agenda-scroll");
const columns = () => [...(grid()?.querySelectorAll(".column[data-column]") ?? [])];
const steps = () => Number(line().dataset.steps);
const height = () => columns()[0].clientHeight / steps();
const instant = (step) => new Date(Date.parse(line().dataset.dayStart) + step * STEP);
const say = (text) => { $("move-say").textContent = text; };
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const nameOf = (column) => $(`h-${column.dataset.column}`)?.querySelector("b").textContent ?? "";
const cardsOf = (booking) => [...document.querySelectorAll(`.card[data-booking="${CSS.escape(booking)}"]`)];
const clock = (step) => new Intl.DateTimeFormat("fr", { timeZone: line().dataset.zone, hour: "2-digit", minute: "2-digit" }).format(instant(step));

/* Why the booking in hand cannot begin there; nothing where it can, or where nobody knows. */
function reason(column, step) {
  if (!held.data || held.length !== held.data.length) return "";
  const here = step + (Date.parse(line().dataset.dayStart) - Date.parse(held.data.origin)) / STEP;
  const found = table()[column.dataset.column]?.find(([first, last]) => first <= here && here <= last);
  return found ? held.data.reasons[found[2]] : "";
}
const table = () => (held.alone && held.data.alone) || held.data.columns;

const ghost = document.createElement("div");
ghost.className = "ghost";
ghost.setAttribute("aria-hidden", "true");
ghost.append(document.createElement("b"), document.createElement("span"));

function stand(column, at, length, label, why) {
  ghost.style.setProperty("--s", at);
  ghost.style.setProperty("--d", length);
  ghost.firstChild.textContent = label;
  ghost.lastChild.textContent = why;
  if (ghost.parentNode !== column) column.append(ghost);
}

function draw() {
  const { column, at, length } = held;
  if (!column) return;
  const why = reason(column, at);
  const label = held.resizing
    ? fill(words.length, { start: clock(at), end: clock(at + length), count: length * 5 })
    : fill(words.place, { time: clock(at), name: nameOf(column) }) + (held.alone && held.data?.alone ? `, ${words.alone}` : "");
  ghost.classList.toggle("is-bad", Boolean(why));
  stand(column, at, length, label, why);
  held.label = label;
  held.why = why;
}

/* Impossible places are dimmed; the rest of a column can be had. */
function dim() {
  document.querySelectorAll(".no").forEach((one) => one.remove());
  if (!held?.data || held.resizing || !grid()) return;
  const shift = (Date.parse(line().dataset.dayStart) - Date.parse(held.data.origin)) / STEP;
  for (const column of columns()) {
    for (const [first, last] of table()[column.dataset.column] ?? []) {
      const from = Math.max(0, first - shift);
      const to = Math.min(steps(), last - shift + 1);
      if (from >= to) continue;
      const shade = document.createElement("i");
      shade.className = "no";
      shade.setAttribute("aria-hidden", "true");
      shade.style.setProperty("--s", from);
      shade.style.setProperty("--d", to - from);
      column.append(shade);
    }
  }
}

/* What stands on the page shows what is in hand, also after a part of it was fetched again. */
function show() {
  document.body.classList.toggle("is-moving", Boolean(held));
  document.body.classList.toggle("is-dragging", held?.mode === "drag");
  document.querySelectorAll(".is-taken").forEach((card) => card.classList.remove("is-taken"));
  if (held) cardsOf(held.booking).forEach((card) => card.classList.add("is-taken"));
  document.querySelectorAll("[data-parked]").forEach((one) => {
    one.querySelector("[data-pick]").setAttribute("aria-pressed", String(held?.mode === "pick" && one.dataset.parked === held.booking));
  });
  if (held?.column && !held.column.isConnected) {
    held.column = columns().find((one) => one.dataset.column === held.column.dataset.column);
  }
  if (held?.column) draw();
  else ghost.remove();
  dim();
  $("move-bar").hidden = held?.mode !== "pick";
  $("move-confirm").hidden = !held?.column;
}

async function ask() {
  const mine = held;
  const asked = new URLSearchParams({ day: words.day, by: words.by, of: mine.from ?? "", taken: mine.taken ?? "" });
  const answer = await fetch(`${words.bookings}${mine.booking}/targets?${asked}`).catch(() => null);
  if (held !== mine) return;
  if (!answer?.ok) return;
  mine.data = await answer.json();
  if (!mine.length) mine.length = mine.data.length;
  if (held === mine) show();
}

function take(card, mode, more = {}) {
  const column = card.closest(".column");
  const px = height();
  const at = Math.round(card.offsetTop / px);
  forget();
  held = {
    mode, card, booking: card.dataset.booking, from: column.dataset.column, column: column.dataset.column ? column : null, at, home: at,
    length: Math.round(card.offsetHeight / px), taken: instant(at).toISOString(), name: card.querySelector(".card-guest")?.textContent, ...more,
  };
  show();
  return ask();
}

function leave() {
  if (held?.mode === "pick") sessionStorage.removeItem("moving");
  held = null;
  press = null;
  show();
}

const forget = () => $("move-answer").replaceChildren();

/* The answer is the booking's panel, of which a refusal alone is shown here. */
async function send(path, values) {
  const mine = held;
  if (mine.mode !== "pick") mine.mode = "sent";
  let status = 0;
  const note = (event) => { status = event.detail.ctx?.response?.status ?? 0; };
  document.addEventListener("htmx:after:request", note, { once: true });
  forget();
  await htmx.ajax("POST", `${words.bookings}${mine.booking}/${path}?by=${words.by}`, {
    source: "#move-answer", target: "#move-answer", select: "#refusal", swap: "innerHTML",
    values: { item: mine.data?.item ?? "", version: mine.data?.version ?? "", ...values },
  });
  document.removeEventListener("htmx:after:request", note);
  const refusal = $("move-answer").querySelector(".refusal-why");
  if (status === 422 && !refusal) {
    document.dispatchEvent(new CustomEvent("toast", { detail: { message: $("toasts").dataset.failed, kind: "error" } }));
  }
  if (held === mine && !(mine.mode === "pick" && status >= 400)) leave();
}

function put() {
  const { column, from, at, home, alone, mode } = held;
  const key = column?.dataset.column;
  if (!column || (mode !== "pick" && key === from && at === home)) return leave();
  if (mode === "keys") follow = { booking: held.booking, column: key };
  const values = { at: instant(at).toISOString(), tell: $("move-tell").checked ? "yes" : "no" };
  if (key !== from) values[words.by === "room" ? "room" : "column"] = key;
  if (key !== from && from && words.by !== "room") values.instead_of = from;
  if (alone && held.data?.alone) values.alone = "y";
  return send("move", values);
}

function stretch() {
  if (held.length === held.data?.length) return leave();
  return send("resize", { minutes: held.length * 5 });
}

/* With a mouse. */
function onDown(event) {
  const card = event.target.closest?.(".card");
  if (!card || event.button || !grid()?.contains(card) || !MOVABLE.includes(card.dataset.status)) return;
  if (held?.mode === "pick" || card.closest("[data-day]")) return;
  const { clientX: x, clientY: y, pointerType } = event;
  const { top, bottom } = card.getBoundingClientRect();
  press = { card, x, y, grab: y - top, edge: bottom - y < EDGE && bottom - top > 3 * EDGE, alone: event.altKey };
  if (pointerType !== "mouse") press.timer = setTimeout(onPress, PRESS, card);
}

/* A long touch picks up; a finger that moves scrolls. */
function onPress(card) {
  press = { done: true };
  navigator.vibrate?.(15);
  pickUp(card.dataset.booking);
}

function onMove(event) {
  if (!press || press.done) return;
  const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (press.timer) {
    if (far > 2 * SLOP) endPress();
    return;
  }
  press.at = { x: event.clientX, y: event.clientY, alt: event.altKey };
  if (held?.mode !== "drag" && far > SLOP) {
    take(press.card, "drag", { resizing: press.edge && Boolean(press.card.closest("[data-column]")), alone: press.alone });
    requestAnimationFrame(onFrame);
  }
  if (held?.mode === "drag") carry();
}

function carry() {
  const { x, y, alt } = press.at;
  if (!columns().length) return;
  held.park = !held.resizing && Boolean(document.elementFromPoint(x, y)?.closest("#dock"));
  dock.classList.toggle("is-over", held.park);
  if (held.resizing) {
    const top = held.column.getBoundingClientRect().top;
    held.length = Math.max(1, Math.round((y - top) / height()) - held.at);
  } else {
    held.column = columns().find((one) => x < one.getBoundingClientRect().right) ?? columns().at(-1);
    const top = held.column.getBoundingClientRect().top;
    held.at = Math.max(0, Math.min(steps() - 1, Math.round((y - press.grab - top) / height())));
  }
  if (alt !== held.alone) {
    held.alone = alt;
    dim();
  }
  draw();
}

/* Near an edge of the grid it scrolls along. */
function onFrame() {
  if (held?.mode !== "drag" || !press?.at) return;
  const { top, bottom, left, right } = scroller().getBoundingClientRect();
  const pull = (at, low, high) => (at < low ? -10 : at > high ? 10 : 0);
  const [dx, dy] = [pull(press.at.x, left + 70, right - 24), pull(press.at.y, top + 76, Math.min(bottom, innerHeight) - 24)];
  if ((dx || dy) && !held.park) {
    scroller().scrollBy(dx, dy);
    carry();
  }
  requestAnimationFrame(onFrame);
}

function endPress() {
  clearTimeout(press?.timer);
  press = null;
}

function onUp() {
  const dragged = held?.mode === "drag";
  if (dragged || press?.done) swallow();
  endPress();
  dock.classList.remove("is-over");
  if (!dragged) return;
  if (held.park) {
    const { booking } = held;
    leave();
    pickUp(booking);
  } else if (held.resizing) stretch();
  else put();
}

/* The click that follows a drag opens nothing. */
function swallow() {
  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }), 50);
}

/* Picked up: it lies in the tray, on every day, until it is put down or back. */
async function pickUp(booking) {
  await htmx.ajax("POST", `${words.tray}${booking}`, { source: "#dock", target: "#tray", swap: "outerHTML" });
  if (!document.querySelector(`[data-parked="${CSS.escape(booking)}"]`)) return;
  document.querySelector("#panel [data-panel-close]")?.click();
  document.querySelectorAll("#toasts .success").forEach((told) => told.remove()); // the question says it, and stays
  carryOn(booking);
}

function carryOn(booking) {
  const card = document.querySelector(`[data-parked="${CSS.escape(booking)}"]`);
  if (!card || !grid()) return;
  forget();
  sessionStorage.setItem("moving", booking);
  held = { mode: "pick", booking, name: card.querySelector("b").textContent };
  $("move-ask").textContent = fill(words.choose, held);
  show();
  ask();
  say($("move-ask").textContent);
}

function propose(column, step) {
  held.column = column;
  held.at = step;
  held.length ??= 12;
  show();
  const question = fill(words.ask, { time: clock(step), name: nameOf(column) });
  $("move-ask").textContent = held.why ? `${question} ${held.why}` : question;
  $("move-ask").classList.toggle("is-bad", Boolean(held.why));
  $("move-confirm").focus({ preventScroll: true });
  say($("move-ask").textContent);
}

/* A finger is less exact than a mouse: the quarter of an hour that was touched, or what can be had next to it. */
function touched(column, element, y) {
  const place = element.closest(".place, .card");
  if (place?.matches(".place") || !y) return Math.round(place.offsetTop / height());
  const quarter = Math.floor((y - column.getBoundingClientRect().top) / height() / 3) * 3;
  const near = [0, 1, 2, -1, 3, -2, -3].map((away) => quarter + away);
  return near.find((step) => step >= 0 && !reason(column, step)) ?? Math.max(0, quarter);
}

function onClick(event) {
  const at = (selector) => event.target.closest(selector);
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
  const stop = () => { event.preventDefault(); event.stopImmediatePropagation(); };
  const column = at(".column[data-column]");
  if (held?.mode === "pick" && plain && column && grid()?.contains(column)) {
    stop();
    propose(column, touched(column, event.target, event.clientY));
  } else if (at("[data-move]") && plain && grid()) {
    stop();
    pickUp(at("[data-move]").dataset.move);
  } else if (at("[data-pick]")) {
    const { parked } = at("[data-parked]").dataset;
    if (held?.booking === parked) leave();
    else carryOn(parked);
  } else if (at("#move-confirm")) put();
  else if (at("#move-leave")) {
    leave();
    say(words.left);
  } else if (at("#move-forget")) forget();
}

/* By keys: the ghost follows the arrows, Enter puts it down. */
const ARROWS = { ArrowUp: -1, ArrowDown: 1, PageUp: -12, PageDown: 12 };

function onKey(event) {
  if (held?.mode === "drag" && event.key === "Alt") event.preventDefault();
  if (event.key === "Escape" && (held || $("move-answer").firstChild)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (held?.mode === "drag") swallow();
    const mine = held;
    forget();
    leave();
    if (mine) say(words.left);
    return;
  }
  const place = event.target.closest?.(".place, .card");
  if (held?.mode === "pick" && event.key === "Enter" && place && grid()?.contains(place) && place.closest("[data-column]")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    propose(place.closest(".column"), Math.round(place.offsetTop / height()));
  }
  if (held?.mode !== "keys" || event.ctrlKey || event.metaKey) return;
  if (event.key === "Tab") leave();
  if (!["Enter", "ArrowLeft", "ArrowRight", ...Object.keys(ARROWS)].includes(event.key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.key === "Enter") return void (held.resizing ? stretch() : put());
  const by = (ARROWS[event.key] ?? 0) * (event.shiftKey && event.key.startsWith("Arrow") ? 3 : 1);
  if (held.resizing) held.length = Math.max(1, held.length + by);
  else {
    const list = columns();
    const index = list.indexOf(held.column) + { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) held.column = list[index] ?? held.column ?? list[0];
    held.at = Math.max(0, Math.min(steps() - 1, held.at + by));
  }
  held.column ??= columns()[0];
  draw();
  ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
  say(held.why ? `${held.label}. ${held.why}` : held.label);
}

/* keys.js asks: M and R on a card. */
document.addEventListener("take", (event) => {
  const card = event.target.closest(".card");
  if (!grid()?.contains(card) || !MOVABLE.includes(card.dataset.status)) return;
  const resizing = event.detail === "resize" && Boolean(card.closest("[data-column]"));
  take(card, "keys", { resizing });
  held.column ??= columns()[0];
  draw();
  say(held.label);
});

/* After a part of the page came anew. */
function onSwap(event) {
  const target = event.detail.ctx?.target;
  const moving = sessionStorage.getItem("moving");
  if (held?.mode === "pick" && !document.querySelector(`[data-parked="${CSS.escape(held.booking)}"]`)) leave();
  else if (held) show();
  else if (moving && $("tray").hasChildNodes() && !event.target.closest?.("#move-answer")) carryOn(moving);
  if (held && target instanceof Element && !target.closest("#dock, #panel")) ask();
  if (!follow) return;
  const card = cardsOf(follow.booking).find((one) => one.closest(".column").dataset.column === follow.column);
  if (card && document.activeElement === document.body) {
    card.focus();
    follow = null;
  }
}

document.addEventListener("pointerdown", onDown);
document.addEventListener("pointermove", onMove);
document.addEventListener("pointerup", onUp);
document.addEventListener("pointercancel", () => { endPress(); if (held?.mode === "drag") leave(); });
document.addEventListener("dragstart", (event) => event.target.closest?.(".card") && event.preventDefault());
document.addEventListener("contextmenu", (event) => (press?.timer || press?.done) && event.preventDefault());
document.addEventListener("click", onClick, true);
document.addEventListener("keydown", onKey, true);
document.addEventListener("htmx:after:swap", onSwap);
scroller()?.addEventListener("scroll", () => press?.timer && endPress(), { passive: true });

/* A range dragged over a column: the form of a block opens for it. `B` on a free place does the same. */
const SNAP = 3;
let range = null;

function startOf(card) {
  const [, hours, fives] = / a-(\d+) b-(\d+)/.exec(card.className);
  return hours * 12 + Number(fives);
}

/* The quarter of an hour under the pointer. */
function stepAt(column, y) {
  const step = (y - column.getBoundingClientRect().top) / height();
  return Math.floor(Math.max(0, Math.min(steps() - 1, step)) / SNAP) * SNAP;
}

function onRangeDown(event) {
  const column = event.target.closest?.(".agenda-body [data-column]");
  if (!column || held || !line() || event.button || event.pointerType !== "mouse" || event.target.closest(".card, a")) return;
  range = { column, y: event.clientY, from: stepAt(column, event.clientY) };
}

function onRangeMove({ clientY: y }) {
  if (!range || (range.first === undefined && Math.abs(y - range.y) <= SLOP)) return;
  const to = stepAt(range.column, y);
  range.first = Math.min(range.from, to);
  range.last = Math.max(range.from, to) + SNAP;
  ghost.classList.remove("is-bad");
  stand(range.column, range.first, range.last - range.first, `${clock(range.first)}–${clock(range.last)}`, "");
}

function onRangeUp() {
  const done = range;
  range = null;
  ghost.remove();
  if (done?.first === undefined) return;
  swallow();
  block(done.column, instant(done.first).toISOString(), instant(done.last).toISOString());
}

function block(column, at, until) {
  const url = new URL(document.querySelector("[data-key='b']").href);
  Object.entries({ at, until, column: column.dataset.column }).forEach(([name, value]) => value && url.searchParams.set(name, value));
  htmx.ajax("GET", `${url.pathname}${url.search}`, { target: "#panel", swap: "innerHTML" })
    .then(() => document.querySelector("#panel :is([data-focus], h2)")?.focus());
}

document.addEventListener("pointerdown", onRangeDown);
document.addEventListener("pointermove", onRangeMove);
document.addEventListener("pointerup", onRangeUp);
document.addEventListener("pointercancel", () => { range = null; if (!held) ghost.remove(); });
/* keys.js asks for it on the place that has the focus. */
document.addEventListener("block", (event) => block(event.target.closest("[data-column]"), event.target.dataset.at ?? instant(startOf(event.target)).toISOString()));
