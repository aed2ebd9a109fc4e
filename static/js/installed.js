/* The installed app: its service worker, and whether this browser is still told what its member is to know. */
const PUSH = "/my/push/known";

export async function worker() {
  if (!("serviceWorker" in navigator)) return null;
  try {
    await navigator.serviceWorker.register("/service-worker.js");
    return await navigator.serviceWorker.ready;
  } catch {
    return null; // a browser that keeps nothing, as in a private window
  }
}

export function token() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
}

/* What was switched on before, perhaps by somebody else: hers goes on in this session, any other ends here. */
async function recognise() {
  const registration = await worker();
  const subscription = await registration?.pushManager?.getSubscription();
  if (!subscription) return false;
  const body = new URLSearchParams({ endpoint: subscription.endpoint, csrf_token: token() });
  const answer = await fetch(PUSH, { method: "POST", body }).catch(() => null);
  if (answer?.status === 404) await subscription.unsubscribe();
  return answer?.ok ?? true;
}

export const recognised = recognise();

/* Whoever signs out leaves nothing behind, even where no worker stands between. */
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[action='/logout']")) return;
  localStorage.removeItem("answers");
  navigator.serviceWorker?.controller?.postMessage("forget");
});
