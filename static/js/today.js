/* After a step the card stands elsewhere: the focus follows it, and the second half of a double click hits nothing. */
const SETTLE = 500;
let moved = null;

const board = () => document.getElementById("board");

document.addEventListener("htmx:before:swap", (event) => {
  const visit = document.activeElement?.closest?.("#board .visit");
  moved = visit ? { id: visit.id, href: document.activeElement.href, posted: event.detail.ctx?.sourceElement?.matches?.("form") } : null;
});

document.addEventListener("htmx:after:swap", () => {
  if (!board() || !moved) return;
  if (moved.posted) {
    board().classList.add("is-settling");
    setTimeout(() => board()?.classList.remove("is-settling"), SETTLE);
  }
  const lost = !document.activeElement || document.activeElement === document.body || !document.activeElement.closest(".visit");
  if (moved.posted || lost) document.getElementById(moved.id)?.querySelector("h3 a")?.focus({ preventScroll: true });
  moved = null;
});
