/* The rota by hand: shifts are dragged to another person or day (with Ctrl or Alt a copy), their ends are pulled, and
   keys do the same. What cannot be done without being asked about first comes back as the shift's form. Without this
   script the form does it all. */
const SLOP = 5;
const EDGE = 9;
const QUARTERS = 96;
const $ = (id) => document.getElementById(id);
const root = () => $("rota");
const panel = $("panel");
let press = null; // a pointer that is down on a shift
let held = null; // what is being moved: { card, mode: move | copy | stretch, cell, start, end }
let current = null;
const ghost = document.createElement("div");
ghost.className = "rota-ghost";

const shiftOf = (element) => element?.closest?.("a.shift[data-shift][href]");
const rows = () => [...root().querySelectorAll("tbody tr")];
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const say = (text) => { $("rota-say").textContent = text; };
const nameOf = (cell) => fill(root().dataset.over, { who: cell.dataset.name, day: cell.dataset.dayName });
const hoursOf = (card) => card.querySelector(".shift-hours b").textContent.split("–").map(quarters);

/* Minutes that are no quarter stay as they are at the end that is not pulled. */
function quarters(text) {
  const [hour, minute] = text.split(":").map(Number);
  return hour * 4 + minute / 15;
}

const written = (at) => {
  const minutes = Math.round(((at % QUARTERS) + QUARTERS) % QUARTERS * 15);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
};

function take(card, mode) {
  const [start, end] = hoursOf(card);
  held = { card, mode, cell: card.closest("td"), start, end: end > start ? end : end + QUARTERS, from: card.closest("td") };
  held.was = `${held.start}-${held.end}`;
  held.hours = card.querySelector(".shift-hours b").textContent;
  card.classList.add("is-held");
}

function leave(told) {
  held?.card.classList.remove("is-held");
  if (held) held.card.querySelector(".shift-hours b").textContent = held.hours;
  mark(null);
  ghost.remove();
  held = press = null;
  if (told) say(root().dataset.left);
}

function mark(cell) {
  root().querySelectorAll("td.is-over").forEach((one) => one.classList.remove("is-over"));
  cell?.classList.add("is-over");
}

/* The server decides; the panel shows what it answers, the grid hears of it by itself. */
function put() {
  const { card, mode, cell, from, start, end, was } = held;
  const still = mode === "stretch" ? was === `${start}-${end}` : cell === from;
  if (still) return leave(true);
  const url = `${root().dataset.shifts}${card.dataset.shift}/${mode === "copy" ? "copy" : "change"}`;
  const values = { member: cell.dataset.person, day: cell.dataset.day };
  if (mode === "copy") values.id = crypto.randomUUID();
  else Object.assign(values, { start: written(start), end: written(end), version: card.dataset.version });
  current = card.dataset.shift;
  leave();
  return htmx.ajax("POST", url, { source: card, target: "#panel", swap: "innerHTML", values });
}

function onDown(event) {
  const card = shiftOf(event.target);
  if (!card || event.button || event.pointerType !== "mouse" || held) return;
  const span = event.target.closest(".shift-bar")?.querySelector("i").getBoundingClientRect();
  const near = span && [Math.abs(event.clientX - span.left), Math.abs(event.clientX - span.right)];
  const edge = near && Math.min(...near) < EDGE ? (near[0] < near[1] ? "start" : "end") : null;
  press = { card, x: event.clientX, y: event.clientY, edge, px: card.querySelector(".shift-bar").clientWidth / QUARTERS };
}

function onMove(event) {
  if (!press) return;
  const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (!held && far > SLOP) {
    take(press.card, press.edge ? "stretch" : "move");
    document.body.append(ghost);
  }
  if (!held) return;
  event.preventDefault();
  if (held.mode === "stretch") stretchTo(Math.round((event.clientX - press.x) / press.px));
  else {
    held.mode = event.ctrlKey || event.altKey || event.metaKey ? "copy" : "move";
    held.cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("td[data-day]") ?? held.from;
    mark(held.cell);
  }
  ghost.textContent = held.mode === "stretch" ? told() : `${held.mode === "copy" ? "+ " : ""}${nameOf(held.cell)}`;
  place(event);
}

function place({ clientX: x, clientY: y }) {
  ghost.style.left = `${Math.min(x + 14, innerWidth - ghost.offsetWidth - 8)}px`;
  ghost.style.top = `${Math.min(y + 14, innerHeight - ghost.offsetHeight - 8)}px`;
}

const told = () => `${written(held.start)}–${written(held.end)}`;

function stretchTo(by) {
  const [start, end] = held.was.split("-").map(Number);
  const whole = (at) => Math.round(at + by);
  if (press?.edge === "start" || held.edge === "start") held.start = Math.min(by ? whole(start) : start, end - 1);
  else held.end = Math.max(by ? whole(end) : end, start + 1);
  held.end = Math.min(held.end, held.start + QUARTERS - 1);
}

function onUp() {
  const dragged = Boolean(held) && Boolean(press);
  press = null;
  if (!dragged) return;
  const swallow = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true })); // let go where nothing is clicked
  void put();
}

/* By keys: M moves, C copies, R stretches, then arrows and Enter; without anything held arrows walk through the grid. */
function onKey(event) {
  if (held && !press) return onHeldKey(event);
  if (event.key === "Escape" && held) return leave(true);
  const here = event.target.closest?.("[data-stop]");
  if (!here || !root().contains(here) || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const card = shiftOf(here);
  const mode = { m: "move", c: "copy", r: "stretch" }[event.key.toLowerCase()];
  if (card && mode) {
    event.preventDefault();
    take(card, mode);
    mark(held.cell);
    say(mode === "stretch" ? root().dataset.stretched : fill(root().dataset.taken, { name: card.getAttribute("aria-label") }));
  } else if (event.key.startsWith("Arrow")) walk(event, here);
  return undefined;
}

function onHeldKey(event) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (event.key === "Tab") return leave(true);
  if (!step && event.key !== "Enter" && event.key !== "Escape") return undefined;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.key === "Escape") return leave(true);
  if (event.key === "Enter") return put();
  if (held.mode === "stretch") {
    const by = step[1] || -step[0];
    if (event.shiftKey) held.start = Math.min(Math.round(held.start) + by, Math.ceil(held.end) - 1);
    else held.end = Math.max(Math.round(held.end) + by, Math.floor(held.start) + 1);
    held.end = Math.min(held.end, held.start + QUARTERS - 1);
    held.card.querySelector(".shift-hours b").textContent = told();
    say(told());
  } else {
    held.cell = beside(held.cell, ...step) ?? held.cell;
    mark(held.cell);
    held.cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    say(nameOf(held.cell));
  }
  return undefined;
}

function beside(cell, down, across) {
  const all = rows();
  const row = all[all.indexOf(cell.closest("tr")) + down];
  const index = [...cell.closest("tr").querySelectorAll("td[data-day]")].indexOf(cell) + across;
  return row?.querySelectorAll("td[data-day]")[index];
}

function walk(event, here) {
  const cell = here.closest("td");
  const stops = [...cell.querySelectorAll("[data-stop]")];
  const at = stops.indexOf(here);
  const inside = { ArrowUp: stops[at - 1], ArrowDown: stops[at + 1] }[event.key];
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const next = beside(cell, ...step)?.querySelectorAll("[data-stop]");
  const there = inside ?? (event.key === "ArrowUp" ? next?.[next.length - 1] : next?.[0]);
  if (!there) return;
  event.preventDefault();
  there.focus();
}

/* The grid is one Tab stop. */
function prepare() {
  const stops = [...root().querySelectorAll("[data-stop]")];
  stops.forEach((one) => { one.tabIndex = -1; });
  const again = current && root().querySelector(`[data-shift="${CSS.escape(current)}"]`);
  const first = again ?? root().querySelector("a.shift[href]") ?? stops[0];
  if (first) first.tabIndex = 0;
  const open = panel.querySelector("[data-shift-open]")?.dataset.shiftOpen;
  root().querySelectorAll("a.shift").forEach((one) => {
    if (open && one.dataset.shift === open) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  });
}

function onFocus(event) {
  const stop = event.target.closest?.("[data-stop]");
  if (!stop || !root().contains(stop)) return;
  root().querySelectorAll("[data-stop][tabindex='0']").forEach((one) => { one.tabIndex = -1; });
  stop.tabIndex = 0;
  current = stop.dataset.shift ?? current;
}

/* A panel that opens takes the focus, or what must be read first in it; once it is empty the grid has it again. */
function onSwap({ detail: { ctx } }) {
  prepare();
  if (ctx.target !== panel && ctx.target !== "#panel") return;
  if (panel.firstElementChild) {
    if (!panel.contains(document.activeElement)) (panel.querySelector("[data-focus]") ?? panel.querySelector("h2"))?.focus();
  } else giveBack();
}

function giveBack() {
  (root().querySelector(`[data-shift="${CSS.escape(current ?? "")}"]`) ?? root().querySelector("[tabindex='0']"))?.focus();
}

/* Closing the panel leaves the grid where it is; the focus goes back to where it came from. */
function onClose(event) {
  if (!event.target.closest("[data-panel-close]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  panel.replaceChildren();
  prepare();
  giveBack();
}

document.addEventListener("pointerdown", onDown);
document.addEventListener("pointermove", onMove);
document.addEventListener("pointerup", onUp);
document.addEventListener("pointercancel", () => leave());
document.addEventListener("dragstart", (event) => shiftOf(event.target) && event.preventDefault());
document.addEventListener("keydown", onKey, true);
document.addEventListener("focusin", onFocus);
document.addEventListener("click", onClose);
document.addEventListener("htmx:after:swap", onSwap);
prepare();
