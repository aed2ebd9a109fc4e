/* A range dragged over a column: the form of a block opens for it. `B` on a free place does the same. */
import { clock, ghost, grid, height, instant, stand, steps, swallow } from "board";
import { held } from "hand";

const SNAP = 3;
const SLOP = 4;
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

function onDown(event) {
  const column = event.target.closest?.(".agenda-body [data-column]");
  if (!column || held || !grid() || event.button || event.pointerType !== "mouse" || event.target.closest(".card, a")) return;
  range = { column, y: event.clientY, from: stepAt(column, event.clientY) };
}

function onMove({ clientY: y }) {
  if (!range || (range.first === undefined && Math.abs(y - range.y) <= SLOP)) return;
  const { column, from } = range;
  const to = stepAt(column, y);
  range.first = Math.min(from, to);
  range.last = Math.max(from, to) + SNAP;
  stand(column, range.first, range.last - range.first, `${clock(column, range.first)}–${clock(column, range.last)}`);
}

function onUp() {
  const done = range;
  range = null;
  if (done?.first === undefined) return;
  ghost.remove();
  swallow();
  block(done.column, instant(done.column, done.first).toISOString(), instant(done.column, done.last).toISOString());
}

function block(column, at, until) {
  const url = new URL(document.querySelector("[data-key='b']").href);
  Object.entries({ at, until, column: column.dataset.column }).forEach(([name, value]) => value && url.searchParams.set(name, value));
  htmx.ajax("GET", `${url.pathname}${url.search}`, { target: "#panel", swap: "innerHTML" })
    .then(() => document.querySelector("#panel :is([data-focus], h2)")?.focus());
}

document.addEventListener("pointerdown", onDown);
document.addEventListener("pointermove", onMove);
document.addEventListener("pointerup", onUp);
document.addEventListener("pointercancel", () => { range = null; if (!held) ghost.remove(); });
/* keys.js asks for it on the place that has the focus. */
document.addEventListener("block", ({ target }) => {
  const column = target.closest("[data-column]");
  block(column, target.dataset.at ?? instant(column, startOf(target)).toISOString());
});
