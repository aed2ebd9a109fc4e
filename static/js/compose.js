/* A booking being typed, beside its place in the grid: where the popover stands, the guest box, and who types where.
   What can be booked, and what it costs, is the server's to say. */
const KEEP_ALIVE = 120_000;
const STEP = 5;
const host = document.getElementById("compose");
const isPage = host.classList.contains("is-page");
const form = () => document.getElementById("compose-form");
const list = () => document.getElementById("c-options");
const options = () => [...(list()?.querySelectorAll("[role=option]") ?? [])];

let place = null; // where it was opened: its column and time
let booked = null; // the booking that was just made, until its card is there
let timer, holdTimer;
let loading = false;
let wantsFirst = false;
let touched = false; // the treatment was chosen, by hand or with the time that was looked for
let suggesting = false;

/* One after the other: what is let go must not be held again by a word that was on its way. */
let sent = Promise.resolve();
let dropped = Promise.resolve();

function send(action, body) {
  const headers = { "HX-Request": "true" };
  sent = sent.then(() => fetch(action, { method: "POST", body, headers, keepalive: true })).catch(() => {});
  return sent;
}

function load(url) {
  dropped.then(() => htmx.ajax("GET", url, { target: host, swap: "innerHTML" }));
}

/* --- Opening and closing --- */
const found = () => place && document.querySelector(`[data-column="${place.column}"] [data-at="${place.at}"]`);

function mark() {
  document.querySelectorAll(".place.is-chosen").forEach((one) => one.classList.remove("is-chosen"));
  if (host.firstElementChild) found()?.classList.add("is-chosen");
}

function stand() {
  const anchor = found()?.getBoundingClientRect() ?? place?.spot;
  if (isPage || !host.firstElementChild || innerWidth < 720) return;
  const { width, height } = host.getBoundingClientRect();
  if (!anchor) return host.style.setProperty("top", `${Math.max(8, Math.min(80, innerHeight - height - 8))}px`);
  const right = anchor.right + 8;
  const left = right + width < innerWidth - 8 ? right : Math.max(8, anchor.left - width - 8);
  const top = Math.max(8, Math.min(anchor.top - 48, innerHeight - height - 8));
  host.style.setProperty("right", "auto");
  host.style.setProperty("left", `${left}px`);
  host.style.setProperty("top", `${top}px`);
}

function openAt(kind, column, at, y) {
  const { left, right } = column.getBoundingClientRect();
  const asked = { column: column.dataset.column, at };
  place = { ...asked, spot: y && { left, right, top: y } };
  load(`${host.dataset[kind]}?${new URLSearchParams(asked)}`);
}

function away() {
  host.replaceChildren();
  clearTimeout(holdTimer);
  ["top", "left", "right"].forEach((side) => host.style.removeProperty(side));
  mark();
  found()?.focus({ preventScroll: true });
}

function close() {
  if (form()) hold(true);
  away();
}

/* The instant of a point in a column, by quarters of an hour: a wall would not tell which of two hours it is. */
function timeAt(column, y) {
  const { dayStart } = document.querySelector("[data-steps][data-zone]").dataset;
  const box = column.getBoundingClientRect();
  const [, hours, fives] = / x-(\d+) y-(\d+)/.exec(column.className);
  const step = Math.floor(((y - box.top) / box.height) * (hours * 12 + Number(fives)) / 3) * 3;
  const instant = new Date(Date.parse(column.dataset.start ?? dayStart) + step * STEP * 60_000);
  return `${instant.toISOString().slice(0, 16)}+00:00`;
}

/* --- The guest box --- */
function expand(isOpen) {
  const box = form().elements.guest;
  box.setAttribute("aria-expanded", isOpen);
  box.removeAttribute("aria-activedescendant");
  if (!isOpen) list().replaceChildren();
}

function suggest() {
  const { guest, customer, create } = form().elements;
  customer.value = create.value = "";
  clearTimeout(timer);
  wantsFirst = false;
  loading = guest.value.trim() !== "";
  if (!loading) return expand(false);
  timer = setTimeout(() => {
    if (!form()) return;
    const url = `${form().dataset.options}?${new URLSearchParams({ q: guest.value })}`;
    htmx.ajax("GET", url, { target: list(), source: list(), swap: "innerHTML" });
  }, 120);
}

function walk(step) {
  const all = options();
  const now = all.findIndex((one) => one.ariaSelected === "true");
  const next = all[(now + step + all.length) % all.length] ?? all[0];
  all.forEach((one) => { one.ariaSelected = String(one === next); });
  form().elements.guest.setAttribute("aria-activedescendant", next.id);
  next.scrollIntoView({ block: "nearest" });
}

function choose(option) {
  const { guest, customer, create, variant } = form().elements;
  const { customer: id, name, usual } = option.dataset;
  const isNew = "new" in option.dataset;
  customer.value = id;
  create.value = isNew ? "1" : "";
  if (!isNew) guest.value = [name, option.querySelector(".num")?.textContent.trim()].filter(Boolean).join(" · ");
  expand(false);
  form().querySelectorAll(".matches").forEach((one) => one.remove());
  guest.removeAttribute("aria-invalid");
  if (!form().contains(document.activeElement)) guest.focus();
  if (usual && variant && !touched && variant.value !== usual && variant.querySelector(`[value="${usual}"]`)) {
    variant.value = usual;
    suggesting = true;
    variant.dispatchEvent(new Event("change", { bubbles: true }));
    suggesting = false;
  } else if (variant && !isNew) {
    // What the desk has to know of her is told beside the time.
    htmx.trigger(document.getElementById("compose-place"), "change");
  }
  hold();
}

function onGuestKey(event) {
  const all = options();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && all.length) {
    event.preventDefault();
    walk(step);
  } else if (event.key === "Enter" && (all.length || loading)) {
    event.preventDefault();
    if (loading) wantsFirst = true;
    else choose(all.find((one) => one.ariaSelected === "true") ?? all[0]);
  }
}

/* --- Who types where --- */
function hold(isClosed = false) {
  clearTimeout(holdTimer);
  if (isPage || !form()?.dataset.hold) return;
  const body = new FormData(form());
  if (isClosed) body.set("closed", "1");
  send(form().dataset.hold, body);
  if (!isClosed) holdTimer = setTimeout(hold, KEEP_ALIVE);
}

/* Who leaves the page lets go, and holds again when she comes back to it. */
addEventListener("pagehide", () => {
  if (isPage || !form()?.dataset.hold) return;
  const body = new FormData(form());
  body.set("closed", "1");
  navigator.sendBeacon(form().dataset.hold, body);
});
addEventListener("pageshow", (event) => event.persisted && hold());

function typed() {
  clearTimeout(holdTimer);
  holdTimer = setTimeout(hold, 700);
}

/* --- What the server has drawn --- */
function onForm() {
  touched = !place && !isPage;
  const wrong = form()?.querySelector("[aria-invalid=true]");
  wrong?.closest("details")?.setAttribute("open", "");
  (wrong ?? form()?.elements.guest ?? host.querySelector("h2[tabindex], select"))?.focus();
  if (form()?.elements.guest === document.activeElement) document.activeElement.select();
  hold();
}

function onCheck() {
  const { price, priced } = form().elements;
  if (price.value !== priced.value) return;
  price.value = priced.value = document.getElementById("compose-check").dataset.price || price.value;
}

/* The fields of the finder are not drawn again: what is wrong with them stands among what was found. */
function onSlots() {
  document.querySelectorAll("#finder .input").forEach((field) => {
    const wrong = document.getElementById(`${field.id}-error`);
    field.ariaInvalid = wrong && "true";
    if (wrong) field.setAttribute("aria-describedby", wrong.id);
    else field.removeAttribute("aria-describedby");
  });
}

function onBooked(made) {
  if (isPage) return location.assign(made.querySelector("a").href);
  booked = made.dataset.booked;
  setTimeout(() => { booked = null; }, 5000);
  away();
}

function lookForCard() {
  const card = booked && document.querySelector(`.card[data-booking="${booked}"]`);
  if (!card) return;
  booked = null;
  if (document.activeElement === document.body || document.activeElement.matches(".place, .agenda-scroll")) card.focus();
}

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail.ctx.target;
  const made = host.querySelector("[data-booked]");
  if (made) onBooked(made);
  else if (target === host || target === "#compose") onForm();
  else if (target?.id === "compose-check" && form()) onCheck();
  else if (target?.id === "slots") onSlots();
  else if (target === list() && form()) {
    loading = false;
    expand(wantsFirst || form().elements.guest === document.activeElement);
    if (wantsFirst && options().length) choose(options()[0]);
  }
  mark();
  lookForCard();
});

document.addEventListener("click", (event) => {
  if (event.defaultPrevented) return;
  const at = (selector) => event.target.closest(selector);
  const [take, option, opener] = [at("[data-take]"), at("#c-options [role=option]"), at("[data-compose]")];
  if (at("[data-compose-close]")) return close();
  if (at("[data-compose-drop]") && !isPage) {
    event.preventDefault();
    const drop = document.getElementById("compose-drop");
    dropped = send(drop.action, new FormData(drop));
    return away();
  }
  if (option) return choose(option);
  if (take && form()) {
    event.preventDefault();
    const [, date, time, offset] = /^(.{10})T(.{5})(.*)$/.exec(take.value);
    Object.entries({ date, time, offset }).forEach(([name, value]) => { form().elements[name].value = value; });
    return form().elements.time.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    place = null;
    return load(opener.href);
  }
  const column = at(".agenda-body [data-column]");
  if (!column || isPage || at(".card, .block, .typing, a, button")) return;
  const free = at(".place");
  const time = free?.dataset.at ?? timeAt(column, event.clientY);
  openAt(event.altKey || at(".off, .closed") ? "why" : "new", column, time, event.clientY);
});

document.addEventListener("keydown", (event) => {
  const here = event.target;
  if (event.key === "Enter" && here.matches?.(".place[data-at]") && !event.defaultPrevented) {
    event.preventDefault();
    openAt(event.altKey ? "why" : "new", here.closest("[data-column]"), here.dataset.at);
  } else if (event.key === "Escape" && host.firstElementChild && !isPage && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    if (list()?.firstElementChild) expand(false);
    else close();
  } else if (here === form()?.elements.guest) onGuestKey(event);
}, true);

host.addEventListener("input", (event) => {
  if (event.target.name === "guest") suggest();
  if (form()) typed();
});
/* Who has gone on to another field is done with the list. */
host.addEventListener("focusin", (event) => {
  if (list()?.firstElementChild && event.target.name !== "guest") expand(false);
});
host.addEventListener("change", (event) => {
  if (event.target.name === "variant" && !suggesting) touched = true;
});
new ResizeObserver(stand).observe(host);
addEventListener("resize", stand);
