/* The grid is one Tab stop: arrows move through all its times, Enter opens what stands there or tells why nothing can
   (panel and popover lie outside the grid). A column is a row of the grid: its cells follow each other in time. */
const HOUR = 12;
const HALF = 6;
const QUARTER = 3;
const KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"];
const PLACES = ".card, .place, a.block";
let current = null;
let asked = null; // the spot that has opened the popover

/* One place for all times at which nothing can be reached: it stands where the arrows have led. */
const spot = document.createElement("div");
spot.role = "gridcell";
spot.tabIndex = -1;

const grid = () => document.querySelector(".agenda-body[role='grid']");
const scroller = () => document.querySelector(".agenda-scroll");
const places = (root) => [...root.querySelectorAll(PLACES)];
const columns = () => [...grid().querySelectorAll(".column")];
/* In steps of five minutes. */
const steps = (element, names) => {
  const [, hours, fives] = new RegExp(`\\b${names[0]}-(\\d+) ${names[1]}-(\\d+)`).exec(element.className) ?? [0, 0, 0];
  return hours * HOUR + Number(fives);
};
const start = (element) => steps(element, "ab");
const end = (element) => start(element) + steps(element, "xy");
/* A booking for two stands in two columns: the column belongs to its name, which in a week is the day. */
const keyOf = ({ dataset: { day, column, lane } }) => day ?? column ?? lane;
const nameOf = (element) => {
  const { booking, block, at, spot: time } = element.dataset;
  return `${keyOf(element.closest(".column"))}/${booking ?? block ?? at ?? `@${time}`}`;
};

/* What can be reached in a column, in order of time: what stands there, and between the half hours. */
function stops(column) {
  const found = places(column).filter((place) => place !== spot);
  const list = found.map((place) => ({ place, from: start(place), until: end(place) }));
  if (!column.dataset.column) return list;
  let edge = 0;
  for (const { from, until } of [...list, { from: steps(column, "xy") }]) {
    for (let at = Math.ceil(edge / QUARTER) * QUARTER; at < from; at += HALF - (at % HALF)) {
      list.push({ from: at, until: Math.min(from, at + HALF - (at % HALF)) });
    }
    edge = Math.max(edge, until);
  }
  return list.sort((one, other) => one.from - other.from);
}

/* The hour as it is written beside the column. */
function clock(column, step) {
  const own = column.querySelectorAll(".own-tick");
  const ticks = [...(own.length ? own : document.querySelectorAll(".gutter > time"))];
  const tick = ticks.filter((one) => start(one) <= step).at(-1);
  return tick.textContent.slice(0, 3) + String((step - start(tick)) * 5).padStart(2, "0");
}

const label = (column, time, word) => [time, column.ariaLabel?.split(",")[0], word].filter(Boolean).join(", ");

function put(column, { from, until }) {
  const { free, off, closed, buffer } = grid().dataset;
  const here = [...column.querySelectorAll(".off, .closed, .buffer, div.block")].filter((one) => start(one) <= from && from < end(one));
  const is = (kind) => here.find((one) => one.matches(kind));
  const why = is(".block")?.querySelector("b").textContent ?? (is(".closed") ? closed : is(".off") && off);
  const length = until - from;
  spot.className = `place spot ${why ? "is-not" : ""} a-${Math.floor(from / HOUR)} b-${from % HOUR} x-${Math.floor(length / HOUR)} y-${length % HOUR}`;
  spot.dataset.spot = clock(column, from);
  spot.ariaLabel = label(column, spot.dataset.spot, why ?? (is(".buffer") ? buffer : free));
  column.append(spot);
  return spot;
}

const reached = (column, stop) => stop && (stop.place ?? put(column, stop));

function named(name) {
  const found = places(grid()).find((place) => nameOf(place) === name);
  const column = !found && columns().find((one) => name.startsWith(`${keyOf(one)}/@`));
  return column ? reached(column, stops(column).find(({ place, from }) => !place && name.endsWith(`@${clock(column, from)}`))) : found;
}

function makeStop(element) {
  grid().querySelectorAll("[tabindex='0']").forEach((other) => { other.tabIndex = -1; });
  if (element !== spot) {
    spot.remove();
    asked = null;
  }
  element.tabIndex = 0;
  current = nameOf(element);
  if (element.dataset.at) element.ariaLabel = label(element.closest(".column"), element.dataset.at.slice(11, 16), grid().dataset.free);
}

/* The stop at that time, else the nearest. */
function meet(list, step) {
  const away = ({ from }) => Math.abs(from - step);
  return list.find(({ from, until }) => from <= step && step < until)
    ?? list.reduce((best, one) => (best && away(best) <= away(one) ? best : one), undefined);
}

function columnBeside(column, direction) {
  const all = columns();
  let index = all.indexOf(column) + direction;
  while (all[index] && !stops(all[index]).length) index += direction;
  return all[index];
}

function neighbour(element, key) {
  const column = element.closest(".column");
  const list = stops(column);
  const step = start(element);
  const index = list.findIndex(({ place, from }) => (element === spot ? !place && from === step : place === element));
  const stop = {
    Home: () => list[0],
    End: () => list.at(-1),
    ArrowUp: () => list[index - 1],
    ArrowDown: () => list[index + 1],
    PageUp: () => meet(list.slice(0, index), step - HOUR),
    PageDown: () => meet(list.slice(index + 1), step + HOUR),
  }[key];
  if (stop) return reached(column, stop());
  const beside = columnBeside(column, key === "ArrowLeft" ? -1 : 1);
  return beside && reached(beside, meet(stops(beside), step));
}

function onKey(event) {
  if (event.target === spot && event.key === "Enter" && !event.defaultPrevented) openSpot(event);
  if (event.key === "Escape") giveBack();
  if (!KEYS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const here = event.target.closest?.(PLACES);
  if (!here || !grid()?.contains(here)) return;
  event.preventDefault();
  neighbour(here, event.key)?.focus();
}

/* As a click at that time does; where nobody can be had it asks why. */
function openSpot(event) {
  event.preventDefault();
  asked = current;
  spot.classList.add("is-asked");
  const clientY = spot.getBoundingClientRect().top + 1;
  spot.parentNode.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, clientY, altKey: event.altKey || spot.matches(".is-not") }));
}

/* The popover that it has opened was closed: it has the focus again. */
function giveBack() {
  spot.classList.remove("is-asked");
  if (asked && document.activeElement === document.body) named(asked)?.focus({ preventScroll: true });
}

/* After each fragment the same place is the stop again, else the first booking, else the first place. */
function prepare() {
  if (!grid()) return;
  const all = places(grid());
  all.forEach((place) => { place.tabIndex = -1; });
  const first = columns().find((column) => stops(column).length);
  const stop = (current && named(current)) || grid().querySelector(".card") || all[0] || (first && reached(first, stops(first)[0]));
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

/* A place that a colleague has taken meanwhile: what stands there now. */
function standIn(place) {
  const column = place && columns().find((one) => keyOf(one) === place.key);
  return column ? reached(column, meet(stops(column), place.step)) : null;
}

document.addEventListener("htmx:before:swap", () => {
  if (!grid()) return;
  const focused = document.activeElement?.closest?.(PLACES);
  const { scrollTop: top, scrollLeft: left } = scroller();
  const name = focused && grid().contains(focused) && nameOf(focused);
  keep = { top, left, name, place: name && focused.matches(".place") && { key: keyOf(focused.closest(".column")), step: start(focused) }, looks: looks() };
});

document.addEventListener("htmx:after:swap", () => {
  if (!grid() || !keep) return;
  markOpen();
  prepare();
  scroller().scrollTo(keep.left, keep.top);
  if (keep.name && document.activeElement === document.body) (named(keep.name) ?? standIn(keep.place))?.focus({ preventScroll: true });
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
document.addEventListener("click", (event) => event.target.closest("[data-compose-close]") && setTimeout(giveBack));
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
