/* What every page needs: toasts, menus, dialogs, theme, the side panel, calm failures. */
const toasts = document.getElementById("toasts");
const ICONS = { success: "circle-check", info: "info", warning: "triangle-alert", error: "circle-alert" };
const SECONDS = { success: 6, info: 6, undo: 10, warning: 10, error: 12 };

/* With an address for undo the message is the undo bar, which stays for the ten seconds that messages to guests wait. */
export function toast(message, kind = "success", undo = "") {
  const fresh = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  fresh.classList.replace("success", kind);
  fresh.dataset.kind = kind;
  const use = fresh.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[kind] ?? ICONS.success}`));
  fresh.querySelector("p").textContent = message;
  const button = fresh.querySelector(".undo");
  if (undo) {
    toasts.querySelectorAll("[data-kind='undo']").forEach((older) => older.remove());
    fresh.dataset.kind = "undo";
    button.hidden = false;
    button.setAttribute("hx-post", undo);
    button.setAttribute("hx-swap", "none");
  }
  /* The same again takes the place of what stands there. */
  [...toasts.children].filter((older) => !undo && older.dataset.kind === kind && older.querySelector("p").textContent === message).forEach((older) => older.remove());
  toasts.append(fresh);
  if (undo) htmx.process(fresh);
}

/* Toasts leave by themselves, but never while someone reads or touches them. */
function retire(element) {
  if (element.dataset.seen) return;
  element.dataset.seen = "true";
  const leave = () => (element.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : element.remove());
  setTimeout(leave, 1000 * (SECONDS[element.dataset.kind] ?? 6));
}

/* They stand where they cover least of what is pressed next: in a dialog, the popover, the panel or the dock. */
const SPOTS = ["", "at-end", "at-top"];
const PRESSED = ":is(dialog[open], #compose, #panel, #dock) :is(a, button, input, select, textarea, summary)";
const boxOf = (element) => element.getBoundingClientRect();

function stand() {
  if (!toasts.firstElementChild || toasts.matches(":hover, :focus-within")) return;
  const things = [...document.querySelectorAll(PRESSED)].filter((one) => one.checkVisibility()).map(boxOf);
  const covered = SPOTS.map((spot) => {
    toasts.className = `toasts ${spot}`;
    const boxes = [...toasts.children].map(boxOf);
    return things.filter((a) => boxes.some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length;
  });
  toasts.className = `toasts ${SPOTS[covered.indexOf(Math.min(...covered))]}`;
}

new MutationObserver(() => {
  toasts.querySelectorAll(".toast").forEach(retire);
  stand();
}).observe(toasts, { childList: true });
/* The popover finds its own place first. */
const standSoon = () => setTimeout(stand, 60);
document.addEventListener("htmx:after:swap", standSoon);
document.addEventListener("toggle", standSoon, true);
addEventListener("resize", standSoon);
/* A live region announces what arrives after it, so flashed messages are put in again. */
toasts.append(...toasts.children);

document.addEventListener("toast", (event) => toast(event.detail.message ?? event.detail.value, event.detail.kind, event.detail.undo));

/* Failures. A body is swapped after an error only where the server said so (HX-Retarget, HX-Reswap) or for 409 and 422. */
document.addEventListener("htmx:before:swap", (event) => {
  const { response, hx } = event.detail.ctx;
  /* What was saved before is no word for a form that came back. */
  if (response?.status === 422) toasts.querySelectorAll(".toast.success:not([data-kind='undo'])").forEach((told) => told.remove());
  if (!response || response.status < 400 || [409, 422].includes(response.status) || hx.retarget || hx.reswap) return;
  event.preventDefault();
  if (!hx.trigger) toast(toasts.dataset.failed, "error");
});

document.addEventListener("htmx:error", (event) => {
  const cause = event.detail.ctx?.sourceEvent?.type ?? "";
  if (event.detail.ctx && !/^(changed:|missed$|frame$)/.test(cause)) toast(toasts.dataset.unreachable, "error");
});

/* Menus close on Escape, on a click elsewhere and when another opens. */
function closeMenus(except) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => menu !== except && menu.removeAttribute("open"));
}

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  closeMenus(at("details.menu"));
  const dismissed = at("[data-dismiss]");
  /* An undo is sent first: its button must still stand on the page when htmx takes it. */
  if (dismissed?.matches("button")) setTimeout(() => dismissed.closest(".toast").remove(), dismissed.matches(".undo") ? 300 : 0);
  const opener = at("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  at("[data-closes]")?.closest("dialog").close();
  if (event.target.matches("dialog")) event.target.close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  } else if (!document.querySelector("dialog[open]")) {
    document.querySelector("[data-panel-close]")?.click();
  }
});

/* What is shown once can be copied, and does not stand in a page that the browser keeps for going back. */
document.querySelectorAll("[data-copies]").forEach((button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value);
    toast(button.dataset.copied);
  });
});
addEventListener("pagehide", () => document.querySelectorAll("[data-secret]").forEach((field) => field.remove()));

/* Theme: seen at once, saved behind; the server draws the next page right from the start. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-form]") || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  document.documentElement.dataset.theme = theme;
  document.querySelectorAll('button[name="theme"]').forEach((button) => button.setAttribute("aria-pressed", button.value === theme));
  const body = new URLSearchParams(new FormData(form, event.submitter));
  fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
});

/* After a form came back with errors, the summary is read first. */
function focusSummary(root) {
  root.querySelector?.("[data-focus]")?.focus();
}

document.addEventListener("htmx:after:settle", (event) => focusSummary(event.target));
focusSummary(document);

/* A part that is read again gives the focus back to the same link, field or button; the grid does so itself. */
let kept = null;
const named = (element, names) => names.reduce((path, name) => {
  const value = element.getAttribute(name);
  return value ? `${path}[${name}="${CSS.escape(value)}"]` : path;
}, element.localName);
document.addEventListener("htmx:before:swap", () => {
  const at = document.activeElement;
  const path = (at.form ? `${named(at.form, ["action"])} ` : "") + named(at, ["href", "name"]);
  kept = path === at.localName || at.closest("[role='grid']") ? null : { path, text: at.localName === "button" && at.textContent };
});
const same = () => kept && [...document.querySelectorAll(kept.path)].find((one) => kept.text === false || one.textContent === kept.text);
document.addEventListener("htmx:after:swap", () => {
  if (kept && document.activeElement === document.body) same()?.focus({ preventScroll: true });
});

/* A panel that opens takes the focus; when it closes, the focus goes back to what opened it. */
let opener = null;
document.addEventListener("htmx:after:swap", (event) => {
  const panel = document.getElementById("panel");
  const target = event.detail.ctx.target;
  if (!panel || (target !== panel && target !== "#panel")) return;
  /* Where the card or form that asked is gone by now, htmx names the panel itself. */
  const source = event.detail.ctx.sourceElement;
  if (panel.firstElementChild && (source?.dataset?.booking || source?.dataset?.block || source?.dataset?.key === "b" || source === panel)) {
    const open = panel.querySelector("[data-booking-open], [data-block-open]")?.dataset;
    opener = source.dataset.booking ?? source.dataset.block ?? open?.bookingOpen ?? open?.blockOpen;
    /* What she has sent from stands there again: she goes on where she was. */
    const stays = source === panel && panel.contains(document.activeElement);
    (panel.querySelector("[data-focus]") ?? (stays ? null : panel.querySelector("h2, [tabindex]")))?.focus();
  } else if (!panel.firstElementChild && opener) {
    const name = CSS.escape(opener);
    const stop = document.querySelector(`[data-booking="${name}"], [data-block="${name}"]`);
    (stop ?? document.querySelector(".agenda-body [tabindex='0']"))?.focus();
    opener = null;
  }
});

/* What is typed in the panel is kept under the address of its form until it is sent or discarded: it is filled in again
   when the panel is drawn anew, and when it comes back after another one. */
const panel = document.getElementById("panel");
const drafts = new Map();
const keyOf = (form) => form.action + (form.dataset.draft ?? "");
const isTicked = (field) => /radio|checkbox/.test(field.type);
let standing = [];
let answered = null; // the form that a refusal has just come back to

function keep(form) {
  drafts.set(keyOf(form), new FormData(form));
  form.classList.add("is-typed");
}

function fill(form) {
  const draft = drafts.get(keyOf(form));
  form.classList.add("is-typed");
  for (let at = form.parentElement; at !== panel; at = at.parentElement) at.open = true;
  /* What came back with errors was typed, and met what a colleague has saved meanwhile. */
  if (form.querySelector(".summary")) return drafts.set(keyOf(form), new FormData(form));
  for (const field of form.elements) {
    /* The version goes with what was typed only where the form can tell what has changed since. */
    if (field.type === "hidden" && !(form.elements.drawn && /version|drawn/.test(field.name))) continue;
    if (isTicked(field)) field.checked = draft.getAll(field.name).includes(field.value);
    else if (draft.has(field.name)) field.value = draft.get(field.name);
  }
}

function refill() {
  const all = [...panel.querySelectorAll("form")];
  /* What was typed into a form that is known by its place is that of the form which came back for another place. */
  const same = answered && !all.some((form) => keyOf(form) === answered.key) && all.find((form) => form.action === answered.action);
  if (same) {
    drafts.delete(answered.key);
    keep(same);
  }
  const forms = all.filter((form) => drafts.has(keyOf(form)));
  for (const form of forms) {
    if (keyOf(form) === answered?.key) keep(form);
    else if (!form.matches(".is-typed")) fill(form);
  }
  answered = null;
  const keys = forms.map(keyOf);
  if (standing.some((key) => drafts.has(key) && !keys.includes(key))) toast(toasts.dataset.kept, "info");
  standing = keys;
}

if (panel) {
  panel.addEventListener("input", ({ target: { form } }) => {
    if (!form?.matches("[method='post']")) return;
    keep(form);
    refill();
  });
  panel.addEventListener("reset", ({ target: form }) => {
    drafts.delete(keyOf(form));
    form.classList.remove("is-typed");
    /* The page as it was must be read again. */
    const url = form.closest("[hx-get]")?.getAttribute("hx-get") ?? form.action;
    if (form.querySelector(".summary")) htmx.ajax("GET", url, { target: panel });
  });
  /* What is typed while the answer is on its way is another draft; what was refused or never arrived is one again. */
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement?.closest?.("#panel form");
    if (!form) return;
    ctx.sent = { key: keyOf(form), action: form.action, draft: drafts.get(keyOf(form)) };
    drafts.delete(ctx.sent.key);
  });
  const giveBack = ({ sent }) => sent?.draft && !drafts.has(sent.key) && drafts.set(sent.key, sent.draft);
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => ctx && giveBack(ctx));
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (!ctx.sent || ctx.response.status < 400) return;
    /* A form that comes back has what was typed already, and knows what has changed meanwhile. */
    if (giveBack(ctx) && ctx.target === panel && [409, 422].includes(ctx.response.status) && !ctx.hx.reswap) answered = ctx.sent;
  });
  addEventListener("beforeunload", (event) => drafts.size && event.preventDefault());
  new MutationObserver(refill).observe(panel, { childList: true, subtree: true });
}

/* The search box: opening it puts the cursor in it, arrows walk through what was found, closing it forgets. */
const search = document.querySelector("[data-search-menu]");
const field = () => document.querySelector("[data-search]");
const results = () => [...document.querySelectorAll("#results .found-row[href]")];

/* Too late: the box is closed. */
document.addEventListener("htmx:before:swap", (event) => {
  if (search && !search.open && event.detail.ctx.target?.id === "results") event.preventDefault();
});

search?.addEventListener("toggle", () => {
  if (search.open) {
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
  const list = results();
  const next = list[list.indexOf(here) + step];
  event.preventDefault();
  if (next) next.focus();
  else if (step < 0) field().focus();
});
