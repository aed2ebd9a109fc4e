/* What she has just tapped keeps its place on the glass while the page around it is read again. */
const MEMORY = 5000;
let touched = null;
let kept = null;

/* A button that waits for its answer is disabled and so loses the focus: what was touched is remembered instead. */
function remember(event) {
  const place = event.target.closest?.("#day [id]");
  touched = place && { id: place.id, at: Date.now() };
}

function current() {
  const focused = document.activeElement?.closest("#day [id]");
  if (focused) return focused;
  return touched && Date.now() - touched.at < MEMORY ? document.getElementById(touched.id) : null;
}

document.addEventListener("pointerdown", remember);
document.addEventListener("keydown", remember);

/* An answered offer stays as high as it was, whatever stood on it: a second tap hits the answer, not the next offer. */
const heights = new Map();

function measure() {
  for (const offer of document.querySelectorAll(".offer:has(.offer-actions)")) heights.set(offer.id, offer.getBoundingClientRect().height);
}

function keepHeights() {
  for (const offer of document.querySelectorAll(".offer:has(.offer-answer)"))
    if (heights.has(offer.id)) offer.style.minHeight = `${heights.get(offer.id)}px`;
}

document.addEventListener("htmx:before:swap", () => {
  measure();
  const element = current();
  kept = element && { id: element.id, top: element.getBoundingClientRect().top };
});

document.addEventListener("htmx:after:swap", () => {
  keepHeights();
  const element = kept && document.getElementById(kept.id);
  if (element) scrollBy({ top: element.getBoundingClientRect().top - kept.top, behavior: "instant" });
  else if (kept && document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
  kept = null;
});

/* News are seen once they have stood before her eyes for a moment. */
const EYES = 3000;
let eyes;

function watch() {
  clearTimeout(eyes);
  if (document.hidden) return;
  eyes = setTimeout(() => document.body.dispatchEvent(new CustomEvent("looked")), EYES);
}

document.addEventListener("visibilitychange", watch);
document.addEventListener("htmx:after:swap", watch);
watch();

/* What lies over the day closes without leaving it, and the focus goes back to what opened it. */
const sheet = document.getElementById("sheet");
let opener = null;

document.addEventListener("htmx:before:request", (event) => {
  const source = event.detail.ctx?.sourceElement;
  if (source?.getAttribute("hx-target") === "#sheet" && !sheet?.contains(source)) opener = source.querySelector("button");
});

function close(event) {
  event.preventDefault();
  sheet.replaceChildren();
  opener?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => event.target.closest("[data-sheet-close]") && sheet && close(event));
document.addEventListener("keydown", (event) => event.key === "Escape" && sheet?.firstElementChild && close(event));
