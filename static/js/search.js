/* The search box: opening it puts the cursor in it, arrows walk through what was found, closing it forgets. */
const menu = document.querySelector("[data-search-menu]");
const field = () => document.querySelector("[data-search]");
const rows = () => [...document.querySelectorAll("#results .found-row[href]")];

menu?.addEventListener("toggle", () => {
  if (menu.open) {
    field().focus();
  } else {
    field().value = "";
    document.getElementById("results").replaceChildren();
  }
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const here = event.target;
  if (!step || !(here.matches("[data-search]") || here.closest("#results"))) return;
  const list = rows();
  const next = list[list.indexOf(here) + step];
  event.preventDefault();
  if (next) next.focus();
  else if (step < 0) field().focus();
});
