/* The app on the home screen. Files of ours come from the phone; pages always from the network, so that none is stale.
   One exception: without network the member's last "my day" is shown again, marked with its time. It is forgotten at
   sign-out, and when somebody signs in. The server writes `self.shell` above this. */
const { version, files, pages } = self.shell;
const SHELL = `shell-${version}`;
const KEPT = "day";
const DAY = "/my/day";
const PART = "/my/day?part";
const OF_THE_DAY = new Set(["/", DAY]);
const LEAVING = new Set(["/login", "/logout"]);
const OLDEST = 7 * 24 * 3600_000;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([...files, ...Object.values(pages)])));
  skipWaiting();
});

addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (request.method !== "GET") return;
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (url.pathname === DAY && request.headers.has("HX-Request")) event.respondWith(part(event));
});

addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forget());
  if (event.data === "keep") event.waitUntil(keepNow());
});

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shell-") && name !== SHELL).map((name) => caches.delete(name)));
}

async function file(request) {
  return (await caches.match(request, { cacheName: SHELL, ignoreVary: true })) ?? fetch(request);
}

async function page(event, url) {
  const { request } = event;
  if (request.method === "POST" && LEAVING.has(url.pathname)) await forget();
  try {
    const response = await fetch(request);
    if (request.method === "GET" && response.ok && url.pathname === DAY) event.waitUntil(keep(DAY, response.clone(), true));
    /* The sign-in page is shown to nobody but who is signed out. */
    if (response.ok && url.pathname === "/login") await forget();
    return response;
  } catch {
    const kept = request.method === "GET" && OF_THE_DAY.has(url.pathname) && (await keptDay());
    return kept || caches.match(pages[language()], { cacheName: SHELL, ignoreVary: true });
  }
}

/* A part that is read again renews what is kept. */
async function part(event) {
  const response = await fetch(event.request);
  if (response.ok && response.headers.get("HX-Redirect")) event.waitUntil(forget());
  else if (response.ok) event.waitUntil(keep(PART, response.clone(), false));
  return response;
}

async function keep(name, response, whole) {
  const cache = await caches.open(KEPT);
  if (whole) await cache.delete(PART);
  const headers = new Headers({ "X-Kept-At": new Date().toISOString() });
  for (const known of ["Content-Type", "Content-Security-Policy"]) headers.set(known, response.headers.get(known) ?? "");
  await cache.put(name, new Response(await response.text(), { headers }));
}

/* The day that was open before this worker was. */
async function keepNow() {
  const response = await fetch(DAY);
  if (response.ok && !response.redirected) await keep(DAY, response, true);
}

async function forget() {
  await caches.delete(KEPT);
}

/* The page as it was read, with the part that was read after it. */
async function keptDay() {
  const cache = await caches.open(KEPT);
  const [whole, part] = await Promise.all([cache.match(DAY), cache.match(PART)]);
  if (!whole) return undefined;
  const at = (part ?? whole).headers.get("X-Kept-At");
  if (Date.now() - Date.parse(at) > OLDEST) return undefined;
  let html = await whole.text();
  const [before, after] = [html.indexOf("<!--day-->"), html.indexOf("<!--/day-->")];
  if (part && before >= 0 && after > before) html = html.slice(0, before) + (await part.text()) + html.slice(after);
  return new Response(html.replace("<body ", `<body data-kept-at="${at}" `), { headers: whole.headers });
}

function language() {
  return navigator.language.startsWith("fr") ? "fr" : "en";
}

/* What the member is told. The receipt says that it was shown: without one she is told another way. */
addEventListener("push", (event) => {
  event.waitUntil(show(event.data?.json() ?? {}));
});

async function show(told) {
  const { title = "Thermes", body, tag, lang } = told;
  const icon = "/static/icons/app-192.png";
  const badge = "/static/icons/badge-96.png";
  await registration.showNotification(title, { body, tag, lang, icon, badge, renotify: Boolean(tag), data: told });
  await answer(told, "received");
}

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(Promise.all([answer(event.notification.data, "seen"), open(event.notification.data?.url)]));
});

async function answer(told, word) {
  if (told?.receipt) await fetch(`/notices/${told.receipt}/${word}`, { method: "POST" }).catch(() => undefined);
}

async function open(path = "/") {
  const url = new URL(path, location.origin);
  const windows = await clients.matchAll({ type: "window" });
  const there = windows.find((one) => new URL(one.url).pathname === url.pathname) ?? windows[0];
  if (!there) return clients.openWindow(url);
  await there.focus();
  return there.navigate(url);
}
