/* Time as the venue sees it: the now-line of the agenda, the clock of the phone, the ring of an offer. */
const STEP_MINUTES = 5;
const formats = new Map();

/* The device's clock may be wrong; <body data-now> says what the server's was when it drew the page. */
const drift = (() => {
  const stamp = document.body.dataset.now;
  return stamp ? Date.parse(stamp) - Date.now() : 0;
})();

export function now() {
  return Date.now() + drift;
}

function timeIn(zone) {
  if (!formats.has(zone)) {
    formats.set(zone, new Intl.DateTimeFormat("fr", { timeZone: zone, hour: "2-digit", minute: "2-digit" }));
  }
  return formats.get(zone).format(now());
}

function moveLine(line) {
  const steps = (now() - Date.parse(line.dataset.dayStart)) / 60_000 / STEP_MINUTES;
  line.hidden = steps < 0 || steps > Number(line.dataset.steps ?? 408);
  line.style.setProperty("--now", steps.toFixed(2));
  line.querySelector("time").textContent = timeIn(line.dataset.zone);
}

function turnRing(ring) {
  const [from, until] = [Date.parse(ring.dataset.from), Date.parse(ring.dataset.deadline)];
  const left = Math.max(0, until - now());
  const minutes = Math.ceil(left / 60_000);
  const line = ring.querySelector(".left");
  if (line) line.style.strokeDashoffset = 100 - (100 * left) / Math.max(1, until - from);
  ring.querySelector("span").textContent = minutes > 90 ? `${Math.round(minutes / 60)} h` : `${minutes} min`;
  ring.classList.toggle("soon", minutes <= 5);
}

/* Minutes that a guest is waiting (since the arrival), or is being waited for (since the start of her card). */
function countMinutes() {
  const line = document.querySelector("[data-now-line]");
  const late = document.querySelector("[data-late]")?.dataset.late;
  if (!line) return;
  document.querySelectorAll(".card:is(.is-pending, .is-confirmed, .is-arrived)").forEach((card) => {
    const [, hours, fives] = / a-(\d+) b-(\d+)/.exec(card.className);
    const step = hours * 12 + Number(fives);
    const since = card.dataset.since ? card.dataset.since * 1000 : Date.parse(line.dataset.dayStart) + step * STEP_MINUTES * 60_000;
    const minutes = Math.floor((now() - since) / 60_000);
    if (minutes < 0 || (!card.dataset.since && now() <= since)) return;
    card.querySelector(".card-what").dataset.min = minutes;
    if (card.dataset.since || card.classList.contains("is-late")) return;
    card.classList.add("is-late");
    card.setAttribute("aria-label", `${card.getAttribute("aria-label")}, ${late}`);
  });
}

/* A colleague who stopped typing is no longer drawn. */
function letGo(hold) {
  if (now() > hold.dataset.expires * 1000) hold.remove();
}

function tick() {
  countMinutes();
  document.querySelectorAll("[data-expires]").forEach(letGo);
  document.querySelectorAll("[data-now-line]").forEach(moveLine);
  document.querySelectorAll("[data-clock]").forEach((clock) => { clock.textContent = timeIn(clock.dataset.zone); });
  document.querySelectorAll("[data-deadline]").forEach(turnRing);
}

/* Only the day's first sight scrolls: from then on the place belongs to the reader. */
function scrollToNow() {
  const scroller = document.querySelector(".agenda-scroll");
  const line = scroller?.querySelector("[data-now-line]");
  if (line && !line.hidden) scroller.scrollTop = line.offsetTop - scroller.clientHeight / 3;
}

tick();
scrollToNow();
setInterval(tick, 10_000);
document.addEventListener("htmx:after:swap", tick);
document.addEventListener("visibilitychange", tick);
