/* Putting bookings elsewhere by hand: dragged with a mouse, by keys, or picked up, carried to any day and put down with
   a tap. */
import { columns, ghost, grid, height, steps, swallow } from "board";
import { carryOn, dim, draw, forget, held, leave, movable, pickUp, propose, put, reason, say, stretch, take, tell } from "hand";

const SLOP = 4;
const EDGE = 7;
const PRESS = 400;
const $ = (id) => document.getElementById(id);
const dock = $("dock");
const scroller = () => document.querySelector(".agenda-scroll");
let press = null;

function abandon() {
  press = null;
  leave();
}

/* With a mouse. */
function onDown(event) {
  const card = event.target.closest?.(".card");
  if (!movable(card) || event.button || held?.mode === "pick") return;
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
    if (held?.booking === parked) abandon();
    else carryOn(parked);
  } else if (at("#move-confirm")) put();
  else if (at("#move-leave")) {
    abandon();
    say(dock.dataset.left);
  } else if (at("#move-forget")) forget();
}

/* By keys: the ghost follows the arrows, Enter puts it down. */
const ARROWS = { ArrowUp: -1, ArrowDown: 1, PageUp: -12, PageDown: 12 };
const SIDEWAYS = { ArrowLeft: -1, ArrowRight: 1 };

function onKey(event) {
  const stop = () => { event.preventDefault(); event.stopImmediatePropagation(); };
  if (held?.mode === "drag" && event.key === "Alt") event.preventDefault();
  if (event.key === "Escape" && (held || $("move-answer").firstChild)) {
    stop();
    if (held?.mode === "drag") swallow();
    if (held) say(dock.dataset.left);
    forget();
    abandon();
    return;
  }
  const place = event.target.closest?.(".place, .card");
  if (held?.mode === "pick" && event.key === "Enter" && place && grid()?.contains(place) && place.closest("[data-column]")) {
    stop();
    propose(place.closest(".column"), Math.round(place.offsetTop / height()));
  }
  if (held?.mode !== "keys" || event.ctrlKey || event.metaKey) return;
  if (event.key === "Tab") leave();
  if (event.key !== "Enter" && !(event.key in ARROWS) && !(event.key in SIDEWAYS)) return;
  stop();
  if (event.key === "Enter") void (held.resizing ? stretch() : put());
  else step(event);
}

function step({ key, shiftKey }) {
  const by = (ARROWS[key] ?? 0) * (shiftKey && key.startsWith("Arrow") ? 3 : 1);
  if (held.resizing) held.length = Math.max(1, held.length + by);
  else {
    const list = columns();
    if (!by) held.column = list[list.indexOf(held.column) + SIDEWAYS[key]] ?? held.column ?? list[0];
    held.at = Math.max(0, Math.min(steps() - 1, held.at + by));
  }
  held.column ??= columns()[0];
  draw();
  ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
  tell();
}

/* keys.js asks: M and R on a card. */
document.addEventListener("take", (event) => {
  const card = event.target.closest(".card");
  if (!movable(card)) return void document.dispatchEvent(new CustomEvent("toast", { detail: { message: dock.dataset.fixed, kind: "info" } }));
  take(card, "keys", { resizing: event.detail === "resize" && Boolean(card.closest("[data-column]")) });
  held.column ??= columns()[0];
  draw();
  tell();
});

document.addEventListener("pointerdown", onDown);
document.addEventListener("pointermove", onMove);
document.addEventListener("pointerup", onUp);
document.addEventListener("pointercancel", () => { endPress(); if (held?.mode === "drag") leave(); });
document.addEventListener("dragstart", (event) => event.target.closest?.(".card") && event.preventDefault());
document.addEventListener("contextmenu", (event) => (press?.timer || press?.done) && event.preventDefault());
document.addEventListener("click", onClick, true);
document.addEventListener("keydown", onKey, true);
scroller()?.addEventListener("scroll", () => press?.timer && endPress(), { passive: true });
