/* The installed app: its service worker, and whether this browser is told what its member is to know.
   <html data-told> says how it stands: none, install, denied, off or on. */
const root = document.documentElement;
const phone = document.querySelector("[data-member]");

const isApple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
const isInstalled = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

async function worker() {
  if (!("serviceWorker" in navigator)) return null;
  try {
    const isFirst = !navigator.serviceWorker.controller;
    await navigator.serviceWorker.register("/service-worker.js");
    const registration = await navigator.serviceWorker.ready;
    if (isFirst && location.pathname === "/my/day") registration.active.postMessage("keep");
    return registration;
  } catch {
    return null; // a browser that keeps nothing, as in a private window
  }
}

function say(how) {
  root.dataset.told = how;
  document.dispatchEvent(new Event("told"));
}

/* The key by which the server is known may have changed since. */
function isOurs(subscription) {
  const key = subscription.options?.applicationServerKey;
  if (!key || !phone.dataset.pushKey) return true;
  const text = btoa(String.fromCharCode(...new Uint8Array(key)));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") === phone.dataset.pushKey;
}

/* What was switched on before, perhaps by somebody else: hers goes on in this session, any other ends here.
   Asked once in each tab. */
async function recognise(subscription) {
  const name = `${phone.dataset.member} ${subscription.endpoint}`;
  if (sessionStorage.getItem("known") === name) return true;
  const body = new URLSearchParams({ endpoint: subscription.endpoint, csrf_token: phone.dataset.token });
  const answer = await fetch(phone.dataset.known, { method: "POST", body }).catch(() => null);
  if (answer?.ok) sessionStorage.setItem("known", name);
  if (answer?.status === 404) await subscription.unsubscribe();
  return answer?.status !== 404;
}

async function look() {
  const registration = await worker();
  if (!registration?.pushManager || !("Notification" in window)) return say(isApple && !isInstalled ? "install" : "none");
  if (Notification.permission === "denied") return say("denied");
  const subscription = await registration.pushManager.getSubscription();
  if (subscription && !isOurs(subscription)) await subscription.unsubscribe();
  else if (subscription && (await recognise(subscription))) return say("on");
  return say("off");
}

/* Whoever signs out leaves nothing behind, even where no worker stands between. */
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[action='/logout']")) return;
  localStorage.clear();
  sessionStorage.clear();
  navigator.serviceWorker?.controller?.postMessage("forget");
});

/* Signing out takes the worker along. On a phone it comes back with the sign-in page, empty, to say when there is no network. */
if (phone) look();
else if (matchMedia("(pointer: coarse)").matches) worker();
