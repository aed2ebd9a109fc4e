/* What she has just tapped keeps its place on the glass while the page around it is read again, and the focus with it. */
let kept = null;

document.addEventListener("htmx:before:swap", () => {
  const element = document.activeElement?.closest("#day [id]");
  kept = element && { id: element.id, top: element.getBoundingClientRect().top };
});

document.addEventListener("htmx:after:swap", () => {
  const element = kept && document.getElementById(kept.id);
  if (element) scrollBy({ top: element.getBoundingClientRect().top - kept.top, behavior: "instant" });
  else if (kept && document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
  kept = null;
});
