/* The grid that is drawn, and where an instant stands in it, in steps of five minutes. A day has a column for each
   therapist or room, the week of one of them a column for each day. */
export const STEP = 300_000;
const frame = () => document.querySelector("[data-steps][data-zone]")?.dataset;

export const grid = () => frame() && document.querySelector(".agenda-body[role='grid']");
export const columns = () => [...(grid()?.querySelectorAll(".column[data-column]") ?? [])];
export const steps = () => Number(frame().steps);
export const height = () => columns()[0].clientHeight / steps();
export const keyOf = (column) => column.dataset.day ?? column.dataset.column;
export const origin = (column) => Date.parse(column.dataset.start ?? frame().dayStart);
export const instant = (column, step) => new Date(origin(column) + step * STEP);
export const clock = (column, step) =>
  new Intl.DateTimeFormat("fr", { timeZone: frame().zone, hour: "2-digit", minute: "2-digit" }).format(instant(column, step));
export const nameOf = (column) =>
  (document.querySelector(`#h-${column.dataset.column} b`) ?? document.querySelectorAll(".day-link")[columns().indexOf(column)]).textContent;

/* What is about to stand there. */
export const ghost = document.createElement("div");
ghost.className = "ghost";
ghost.setAttribute("aria-hidden", "true");
ghost.append(document.createElement("b"), document.createElement("span"));

export function stand(column, at, length, label, why = "") {
  place(ghost, at, length);
  ghost.classList.toggle("is-bad", Boolean(why));
  ghost.firstChild.textContent = label;
  ghost.lastChild.textContent = why;
  if (ghost.parentNode !== column) column.append(ghost);
}

/* What nothing can stand on is dimmed. */
export function shade(column, from, to) {
  const [first, last] = [Math.max(0, from), Math.min(steps(), to)];
  if (first >= last) return;
  const one = document.createElement("i");
  one.className = "no";
  one.setAttribute("aria-hidden", "true");
  place(one, first, last - first);
  column.append(one);
}

function place(element, at, length) {
  element.style.setProperty("--s", at);
  element.style.setProperty("--d", length);
}

/* The click that follows a drag opens nothing. */
export function swallow() {
  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }), 50);
}
