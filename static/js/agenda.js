/* The grid is one Tab stop: arrows move between bookings and free places, Enter opens a booking (its panel lies
   outside the grid). A column is a row of the grid: its cells follow each other in time. */
const HOUR = 12;
const KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"];
const PLACES = ".card, .place, a.block";
let current = null;

const grid = () => document.querySelector(".agenda-body[role='grid']");
const scroller = () => document.querySelector(".agenda-scroll");
const places = (root) => [...root.querySelectorAll(PLACES)];
const start = (element) => {
  const [, hours, fives] = / a-(\d+) b-(\d+)/.exec(element.className) ?? [0, 0, 0];
  return hours * HOUR + Number(fives);
};
/* A booking for two stands in two columns: the column belongs to its name, which in a week is the day. */
const nameOf = (element) => {
  const { column, day, lane } = element.closest(".column").dataset;
  return `${day ?? column ?? lane}/${element.dataset.booking ?? element.dataset.block ?? element.dataset.at}`;
};
const named = (name) => places(grid()).find((place) => nameOf(place) === name);

function makeStop(element) {
  const before = current && named(current);
  if (before) before.tabIndex = -1;
  element.tabIndex = 0;
  current = nameOf(element);
  if (element.dataset.at) {
    const who = element.closest(".column").ariaLabel?.split(",")[0];
    element.setAttribute("aria-label", [element.dataset.at.slice(11, 16), who, grid().dataset.free].filter(Boolean).join(", "));
  }
}

function nearest(list, step) {
  return list.reduce((best, other) => (Math.abs(start(other) - step) < Math.abs(start(best) - step) ? other : best));
}

function columnBeside(column, direction) {
  const columns = [...grid().querySelectorAll(".column")];
  let index = columns.indexOf(column) + direction;
  while (columns[index] && !columns[index].querySelector(PLACES)) index += direction;
  return columns[index];
}

function neighbour(element, key) {
  const column = element.closest(".column");
  const list = places(column);
  const index = list.indexOf(element);
  if (key === "Home") return list[0];
  if (key === "End") return list.at(-1);
  if (key === "ArrowUp") return list[index - 1];
  if (key === "ArrowDown") return list[index + 1];
  if (key === "PageUp") return nearest(list.slice(0, index + 1), start(element) - HOUR);
  if (key === "PageDown") return nearest(list.slice(index), start(element) + HOUR);
  const beside = columnBeside(column, key === "ArrowLeft" ? -1 : 1);
  return beside && nearest(places(beside), start(element));
}

function onKey(event) {
  if (!KEYS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const here = event.target.closest?.(PLACES);
  if (!here || !grid()?.contains(here)) return;
  event.preventDefault();
  const next = neighbour(here, event.key);
  if (next) next.focus();
}

/* After each fragment the same place is the stop again, else the first booking, else the first place. */
function prepare() {
  if (!grid()) return;
  const all = places(grid());
  all.forEach((place) => { place.tabIndex = -1; });
  const stop = (current && named(current)) || grid().querySelector(".card") || all[0];
  if (stop) makeStop(stop);
  scroller().tabIndex = stop ? -1 : 0;
}

/* The booking or the block whose panel is open. */
function openName() {
  const opened = document.querySelector("#panel :is([data-booking-open], [data-block-open])")?.dataset;
  return opened?.bookingOpen ?? opened?.blockOpen;
}

/* It is marked in the grid. */
function markOpen() {
  const open = openName();
  document.querySelectorAll(".card, a.block").forEach((card) => {
    if (open && (card.dataset.booking ?? card.dataset.block) === open) card.setAttribute("aria-current", "true");
    else card.removeAttribute("aria-current");
  });
}

/* Closing the panel leaves the grid where it is; the focus goes back to the booking. */
function closePanel(event) {
  const close = event.target.closest("[data-panel-close]");
  if (!close || !scroller() || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const panel = document.getElementById("panel");
  const open = CSS.escape(openName() ?? "");
  panel.replaceChildren();
  history.pushState({ htmx: true }, "", scroller().getAttribute("hx-get"));
  markOpen();
  const cards = [...scroller().querySelectorAll(`a:is([data-booking="${open}"], [data-block="${open}"])`)];
  (cards.find((card) => grid() && nameOf(card) === current) ?? cards[0] ?? (current && named(current)))?.focus();
}

/* A swap of the grid, or of a column in it, must not move what the reader looks at, nor take her focus; what is new
   glows once. Making room for a neighbour is no news, nor that time goes by. */
const look = (card) => `${card.className.match(/\b(?:is-(?!fresh|late|out)|[abxy]-)\w+/g)} ${card.getAttribute("aria-label").replace(grid().dataset.late, "")}`;
const looks = () => new Map([...grid().querySelectorAll(".card")].map((card) => [nameOf(card), look(card)]));
let keep = null;

document.addEventListener("htmx:before:swap", () => {
  if (!grid()) return;
  const focused = document.activeElement?.closest?.(PLACES);
  const { scrollTop: top, scrollLeft: left } = scroller();
  keep = { top, left, name: focused && grid().contains(focused) && nameOf(focused), looks: looks() };
});

document.addEventListener("htmx:after:swap", () => {
  if (!grid() || !keep) return;
  markOpen();
  prepare();
  scroller().scrollTo(keep.left, keep.top);
  if (keep.name && document.activeElement === document.body) named(keep.name)?.focus({ preventScroll: true });
  for (const [name, now] of looks()) {
    if (keep.looks.get(name) !== now) named(name).classList.add("is-fresh");
  }
  keep = null;
});

/* A card opens its panel: attributes of its own would weigh more than this. */
document.addEventListener("click", (event) => {
  const card = event.target.closest(".agenda-body .card");
  if (!card || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { bookings, by } = document.getElementById("dock").dataset;
  htmx.ajax("GET", `${bookings}${card.dataset.booking}?by=${by}`, { source: card, target: "#panel" })
    .then(() => history.pushState({ htmx: true }, "", card.href));
});

/* What opens below the edge of the panel is brought into sight. */
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".cancel[open]")) return;
  if (event.target.querySelector(".summary")) return;
  event.target.scrollIntoView({ block: "end" });
  event.target.querySelector("textarea")?.focus();
}, true);

document.addEventListener("keydown", onKey);
document.addEventListener("click", closePanel);
document.addEventListener("focusin", (event) => {
  const place = event.target.closest?.(PLACES);
  if (place && grid()?.contains(place)) makeStop(place);
});
/* The date picker leads to its day without a button, but not while a year is still being typed. */
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.matches("[data-submits]") && input.checkValidity()) input.form.requestSubmit();
});
prepare();
markOpen();
