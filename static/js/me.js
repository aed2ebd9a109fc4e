/* Notifications on this device: the part of the page that fits, switched on by a tap and off again. */
const root = document.documentElement;
const here = document.getElementById("here");
const form = document.getElementById("turn-on");
const holder = document.querySelector("[data-push-key]");

function show() {
  if (!form) return;
  const how = root.dataset.told;
  here.querySelectorAll("[data-when]").forEach((one) => (one.hidden = one.dataset.when !== how));
}

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function say(how) {
  root.dataset.told = how;
  show();
}

/* The browser asks its owner, then its push service for an address; the form carries that to the server. */
async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  const registration = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(holder.dataset.pushKey) };
  const subscription = await registration.pushManager.subscribe(options);
  const { endpoint, keys } = subscription.toJSON();
  Object.entries({ endpoint, ...keys }).forEach(([name, value]) => (form.elements[name].value = value));
  form.requestSubmit();
}

form?.addEventListener("submit", (event) => {
  if (form.elements.endpoint.value) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const error = document.getElementById("turn-on-error");
  error.hidden = true;
  turnOn().catch(() => (error.hidden = false));
}, true);

/* The answer lists the browsers: is this one among them? */
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.target?.id !== "browsers" || !form) return;
  form.elements.endpoint.value = "";
  const on = Boolean(document.querySelector("#browsers [data-here]"));
  if (!on) navigator.serviceWorker?.ready.then((one) => one.pushManager.getSubscription()).then((one) => one?.unsubscribe());
  say(on ? "on" : "off");
});

document.addEventListener("told", show);
show();
