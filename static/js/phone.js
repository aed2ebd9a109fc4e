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

document.addEventListener("htmx:before:swap", () => {
  const element = current();
  kept = element && { id: element.id, top: element.getBoundingClientRect().top };
});

document.addEventListener("htmx:after:swap", () => {
  const element = kept && document.getElementById(kept.id);
  if (element) scrollBy({ top: element.getBoundingClientRect().top - kept.top, behavior: "instant" });
  else if (kept && document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
  kept = null;
});
