/* The grid is one Tab stop: arrows move between bookings, Enter opens one (its panel lies outside the grid). */
const KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"];
let current = null;

const grid = () => document.querySelector(".agenda-grid");
const places = (root) => [...root.querySelectorAll(".card, a.place")];
const start = (element) => Number(getComputedStyle(element).getPropertyValue("--s"));

function inOrder(column) {
  return places(column).sort((a, b) => start(a) - start(b));
}

function makeStop(element) {
  places(grid()).forEach((place) => { place.tabIndex = -1; });
  element.tabIndex = 0;
  current = element.dataset.booking ?? element.dataset.at;
}

function columnBeside(column, step) {
  const columns = [...grid().querySelectorAll(".column")];
  let index = columns.indexOf(column) + step;
  while (columns[index] && !places(columns[index]).length) index += step;
  return columns[index];
}

function neighbour(element, key) {
  const column = element.closest(".column");
  const list = inOrder(column);
  if (key === "Home") return list[0];
  if (key === "End") return list.at(-1);
  if (key === "ArrowUp" || key === "ArrowDown") return list[list.indexOf(element) + (key === "ArrowUp" ? -1 : 1)];
  const beside = columnBeside(column, key === "ArrowLeft" ? -1 : 1);
  const distance = (other) => Math.abs(start(other) - start(element));
  return beside && places(beside).reduce((best, other) => (distance(other) < distance(best) ? other : best));
}

function onKey(event) {
  if (!KEYS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const here = event.target.closest(".agenda-grid .card, .agenda-grid a.place");
  if (!here) return;
  event.preventDefault();
  const next = neighbour(here, event.key);
  if (!next) return;
  makeStop(next);
  next.focus();
}

/* After each fragment the same booking is the stop again, else the first one. */
function prepare() {
  if (!grid()) return;
  const all = places(grid());
  const stop = all.find((place) => current && current === (place.dataset.booking ?? place.dataset.at)) ?? all[0];
  if (stop) makeStop(stop);
  grid().parentElement.tabIndex = stop ? -1 : 0;
}

/* The booking whose panel is open is marked in the grid. */
function markOpen() {
  const open = document.querySelector("#panel [data-booking-open]")?.dataset.bookingOpen;
  document.querySelectorAll(".card").forEach((card) => card.toggleAttribute("aria-current", card.dataset.booking === open));
  document.querySelectorAll(".card[aria-current]").forEach((card) => card.setAttribute("aria-current", "true"));
}

/* A swap of the grid must not move what the reader looks at, nor take her focus. */
let keep = null;
document.addEventListener("htmx:before:swap", () => {
  const scroller = document.querySelector(".agenda-scroll");
  const focused = document.activeElement?.closest?.(".agenda-grid .card");
  keep = scroller && { top: scroller.scrollTop, left: scroller.scrollLeft, booking: focused?.dataset.booking };
});

document.addEventListener("htmx:after:swap", () => {
  prepare();
  markOpen();
  const scroller = document.querySelector(".agenda-scroll");
  if (!scroller || !keep) return;
  scroller.scrollTo(keep.left, keep.top);
  if (keep.booking && document.activeElement === document.body) {
    document.querySelector(`.card[data-booking="${CSS.escape(keep.booking)}"]`)?.focus({ preventScroll: true });
  }
  keep = null;
});

document.addEventListener("keydown", onKey);
document.addEventListener("focusin", (event) => {
  const place = event.target.closest?.(".agenda-grid .card, .agenda-grid a.place");
  if (place) makeStop(place);
});
/* The date picker leads to its day without a button. */
document.addEventListener("change", (event) => event.target.matches("[data-submits]") && event.target.form.requestSubmit());
prepare();
markOpen();
