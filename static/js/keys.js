/* The desk's keys: a key clicks what carries its name in data-key and is in sight. Off while typing, in dialogs, and for
   who has switched them off. */
const dock = document.querySelector("[data-undo]");
const CARD_KEYS = ["a", "s", "f", "x"];
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog, [role=dialog], [role=listbox]";

const seen = (root, key) => [...root.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => one.checkVisibility());
const panel = () => document.getElementById("panel");
const open = () => panel()?.querySelector("[data-booking-open]")?.dataset.bookingOpen;

function press(element) {
  if (!element) return false;
  if (element.matches("input")) {
    element.focus();
    try { element.showPicker?.(); } catch { /* a browser that does not open it leaves the field to be typed in */ }
  } else element.click();
  return true;
}

/* What cannot be done now is told. */
function step(key) {
  if (press(seen(panel() ?? document, key))) return true;
  const why = panel()?.querySelector(`[data-no-step="${key}"]`)?.textContent;
  const detail = { message: why ?? dock.dataset.noStep, kind: "info" };
  if (open()) document.dispatchEvent(new CustomEvent("toast", { detail }));
  return Boolean(open());
}

/* The step of a card lies in its panel, which is fetched first. */
function act(card, key) {
  if (!card || open() === card.dataset.booking) return step(key);
  const wait = (event) => {
    if (event.detail.ctx?.target !== panel()) return;
    document.removeEventListener("htmx:after:swap", wait);
    setTimeout(() => step(key));
  };
  document.addEventListener("htmx:after:swap", wait);
  card.click();
  return true;
}

function week(days) {
  const [, before, day, after] = /^(.*\/agenda\/)(\d{4}-\d\d-\d\d)(.*)$/.exec(location.pathname) ?? [];
  if (!day) return false;
  const then = new Date(`${day}T12:00:00Z`);
  then.setUTCDate(then.getUTCDate() + days);
  const search = new URLSearchParams(location.search);
  search.delete("booking");
  location.assign(`${before}${then.toISOString().slice(0, 10)}${after}?${search}`);
  return true;
}

/* Finer or coarser lines; the hour in sight stays in sight. */
const ZOOM = { "+": -1, "=": -1, "-": 1 };
const scroller = () => document.querySelector(".agenda-scroll");

function zoom(by) {
  const list = scroller() && document.querySelector(".look select[name=zoom]");
  const next = list?.options[list.selectedIndex + by];
  if (!next) return Boolean(list);
  next.selected = true;
  sessionStorage.setItem("zoomed", scroller().scrollTop / scroller().scrollHeight);
  list.form.requestSubmit();
  return true;
}

const zoomed = sessionStorage.getItem("zoomed");
sessionStorage.removeItem("zoomed");
if (zoomed && scroller()) requestAnimationFrame(() => { scroller().scrollTop = zoomed * scroller().scrollHeight; });

function undo() {
  document.querySelectorAll(".toast[data-kind='undo']").forEach((one) => one.remove());
  htmx.ajax("POST", dock.dataset.undo, { source: dock, swap: "none" });
  return true;
}

function take(card, how) {
  if (card) card.dispatchEvent(new CustomEvent("take", { bubbles: true, detail: how }));
  return card ? true : how === "move" && press(panel()?.querySelector("[data-move]"));
}

function answer(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const card = event.target.closest?.(".card");
  const arrow = ["ArrowLeft", "ArrowRight"].includes(key);
  if (arrow && event.shiftKey) return week(key === "ArrowLeft" ? -7 : 7);
  if (arrow && event.target.closest?.(".agenda-body")) return false;
  if (CARD_KEYS.includes(key)) return act(card, key);
  if (key === "m" && take(card, "move")) return true; // else it is the month
  if (key === "r") return take(card, "resize");
  if (key === "z") return undo();
  if (key in ZOOM) return zoom(ZOOM[key]);
  const place = key === "b" && event.target.closest?.("[data-column] :is(.place, .card)");
  if (place) return Boolean(place.dispatchEvent(new CustomEvent("block", { bubbles: true })));
  if (key === "/") return press(document.querySelector("[data-search-menu] > summary"));
  return press(seen(document, key));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (dock.dataset.keys === "off" || event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
  if (answer(event)) event.preventDefault();
});

/* The switch stands among the keys' explanations. */
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-switch]")) dock.dataset.keys = event.target.checked ? "on" : "off";
});
