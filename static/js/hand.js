/* The booking in hand. Where it cannot be, or how long, is asked once, when it is taken; the server decides when it is
   put down. `mode` says whose hand: drag, keys, or pick (picked up, to be put down with a tap on any day). */
import { STEP, clock, columns, ghost, grid, height, instant, keyOf, nameOf, origin, shade, stand } from "board";

const $ = (id) => document.getElementById(id);
const words = $("dock").dataset;
const MOVABLE = ["pending", "confirmed", "ongoing"];
export let held = null;
let follow = null;

export const movable = (card) => Boolean(card && grid()?.contains(card)) && MOVABLE.includes(card.dataset.status);
export const parked = (booking) => document.querySelector(`[data-parked="${CSS.escape(booking)}"]`);
export const say = (text) => { $("move-say").textContent = text; };
const cardsOf = (booking) => [...document.querySelectorAll(`.card[data-booking="${CSS.escape(booking)}"]`)];
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/* A refusal is put away. */
export function forget() {
  $("move-answer").replaceChildren();
  refocus();
}

export function take(card, mode, more = {}) {
  const column = card.closest(".column");
  const px = height();
  const at = Math.round(card.offsetTop / px);
  const { column: from } = column.dataset;
  forget();
  held = {
    mode, booking: card.dataset.booking, from, column: from ? column : null, key: from && keyOf(column), at, home: at,
    length: Math.round(card.offsetHeight / px), taken: instant(column, at).toISOString(), ...more,
  };
  show();
  ask();
}

export function leave() {
  if (held?.mode === "pick") sessionStorage.removeItem("moving");
  held = null;
  show();
}

/* Picked up: it lies in the tray, on every day, until it is put down or back. */
export async function pickUp(booking) {
  await htmx.ajax("POST", `${words.tray}${booking}`, { source: "#dock", target: "#tray", swap: "outerHTML" });
  if (!parked(booking)) return;
  document.querySelector("#panel [data-panel-close]")?.click();
  document.querySelectorAll("#toasts .success").forEach((told) => told.remove()); // the question says it, and stays
  carryOn(booking);
}

export function carryOn(booking) {
  const card = parked(booking);
  if (!card || !grid()) return;
  forget();
  sessionStorage.setItem("moving", booking);
  held = { mode: "pick", booking, name: card.querySelector("b").textContent };
  $("move-ask").textContent = fill(words.choose, held);
  show();
  ask();
  say($("move-ask").textContent);
}

export function propose(column, step) {
  held.column = column;
  held.at = step;
  held.length ??= 12;
  show();
  const question = fill(words.ask, { time: clock(column, step), name: nameOf(column) });
  $("move-ask").textContent = held.why ? `${question} ${held.why}` : question;
  $("move-ask").classList.toggle("is-bad", Boolean(held.why));
  $("move-confirm").focus({ preventScroll: true });
  say($("move-ask").textContent);
}

/* Why it cannot begin there, or be that long; nothing where it can, or where nobody knows. */
export function reason(column, step) {
  const { data, resizing, length } = held;
  if (!data || (!resizing && length !== data.length)) return "";
  const [stretches, here] = resizing ? [data.lengths, length] : [stretchesOf(column), step + offset(column)];
  const found = stretches?.find(([first, last]) => first <= here && here <= last);
  return found ? data.reasons[found[2]] : "";
}
const stretchesOf = (column) => ((held.alone && held.data.alone) || held.data.columns)[keyOf(column)];
const offset = (column) => (origin(column) - Date.parse(held.data.origin)) / STEP;

export function draw() {
  const { column, at, length } = held;
  if (!column) return;
  held.why = reason(column, at);
  held.label = held.resizing
    ? fill(words.length, { start: clock(column, at), end: clock(column, at + length), count: length * 5 })
    : fill(words.place, { time: clock(column, at), name: nameOf(column) }) + ofHowMany(held.data);
  stand(column, at, length, held.label, held.why);
}

/* Of a visit with several treatments it is said whether they all go. */
function ofHowMany(data) {
  if (!data?.alone) return "";
  return `, ${held.alone ? words.alone : fill(words.whole, { count: data.items })}`;
}

export const tell = () => say(held.why ? `${held.label}. ${held.why}` : held.label);

export function dim() {
  document.querySelectorAll(".no").forEach((one) => one.remove());
  if (!held?.data || !grid()) return;
  if (held.resizing) {
    held.data.lengths.forEach(([first, last]) => shade(held.column, held.at + first - 1, held.at + last));
    return;
  }
  for (const column of columns()) {
    stretchesOf(column)?.forEach(([first, last]) => shade(column, first - offset(column), last + 1 - offset(column)));
  }
}

/* What stands on the page shows what is in hand, also after a part of it was fetched again. */
function show() {
  document.body.classList.toggle("is-moving", Boolean(held));
  document.body.classList.toggle("is-sizing", Boolean(held?.resizing));
  document.body.classList.toggle("is-dragging", held?.mode === "drag" && !held.resizing);
  document.querySelectorAll(".is-taken").forEach((card) => card.classList.remove("is-taken"));
  if (held) cardsOf(held.booking).forEach((card) => card.classList.add("is-taken"));
  document.querySelectorAll("[data-parked]").forEach((one) => {
    one.querySelector("[data-pick]").setAttribute("aria-pressed", String(held?.mode === "pick" && one.dataset.parked === held.booking));
  });
  if (held?.column && !held.column.isConnected) {
    held.column = columns().find((one) => keyOf(one) === keyOf(held.column));
  }
  if (held?.column) draw();
  else ghost.remove();
  dim();
  $("move-bar").hidden = held?.mode !== "pick";
  $("move-confirm").hidden = !held?.column;
}

function ask() {
  held.asked = fetchTable(held);
}

async function fetchTable(mine) {
  const { day, column } = columns()[0]?.dataset ?? {};
  const asked = new URLSearchParams({ day: day ?? words.day, week: day ? column : "", by: words.by, of: mine.from ?? "", taken: mine.taken ?? "" });
  const answer = await fetch(`${words.bookings}${mine.booking}/${mine.resizing ? "lengths" : "targets"}?${asked}`).catch(() => null);
  if (!answer?.ok) return;
  mine.data = await answer.json();
  mine.length ??= mine.data.length;
  if (held === mine) show();
}

/* The answer is the booking's panel, of which a refusal alone is shown here. */
async function send(path, values) {
  const mine = held;
  if (mine.mode !== "pick") mine.mode = "sent";
  await mine.asked; // which of the visit's treatments it is
  if (held !== mine) return;
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

/* In somebody's week it stays with them: of a therapist that needs no saying. */
export function put() {
  const { column, from, at, alone, mode, key, home } = held;
  if (!column || (mode !== "pick" && keyOf(column) === key && at === home)) return leave();
  if (mode !== "drag") follow = { booking: held.booking, key: keyOf(column) };
  const { column: there, day } = column.dataset;
  const by = words.by === "room" ? "room" : "column";
  const values = { at: instant(column, at).toISOString(), tell: $("move-tell").checked ? "yes" : "no" };
  if (there !== from || (day && by === "room")) values[by] = there;
  if (there !== from && from && by === "column") values.instead_of = from;
  if (alone && held.data?.alone) values.alone = "y";
  return send("move", values);
}

export function stretch() {
  const { booking, length, data, mode, key } = held;
  if (length === data?.length) return leave();
  if (mode === "keys") follow = { booking, key };
  return send("resize", { minutes: length * 5 });
}

/* After a part of the page came anew. */
function onSwap(event) {
  const target = event.detail.ctx?.target;
  const moving = sessionStorage.getItem("moving");
  if (held?.mode === "pick" && !parked(held.booking)) leave();
  else if (held) show();
  else if (moving && $("tray").hasChildNodes() && !event.target.closest?.("#move-answer")) carryOn(moving);
  if (held && target instanceof Element && !target.closest("#dock, #panel")) ask();
  refocus();
}

/* What was put down by keys has the focus again, also after its refusal was answered or put away. */
function refocus() {
  if (!follow || document.activeElement !== document.body) return;
  const card = cardsOf(follow.booking).find((one) => keyOf(one.closest(".column")) === follow.key);
  if (card) follow = null;
  card?.focus();
}

document.addEventListener("htmx:after:swap", onSwap);
document.addEventListener("pointerdown", () => { follow = null; });
