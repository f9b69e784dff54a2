/**
 * The service worker: shows notifications, closes them, and opens what they are about. It answers
 * no requests and keeps no pages, so what people see always comes from the server. Its scope is the
 * site, because it lies at its root. What comes in a push is `PushContent` of lib/push/notice.ts.
 */

const ICON = "/icon-192.png";
const BADGE = "/badge-96.png";
/** How long a page has to say that it opens a room itself, in milliseconds. */
const ANSWER_MS = 1_500;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => event.waitUntil(inTurn(() => heard(contentOf(event)))));
self.addEventListener("message", (event) => event.waitUntil(inTurn(() => closeFor(event.data))));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.room));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

/**
 * Showing takes a while, and a later push must find what an earlier one showed. Pages have theirs
 * closed here too: Chromium forgets a notification that is asked for while it is being shown.
 */
let turn = Promise.resolve();

function inTurn(work) {
  return turn = turn.catch(() => {}).then(work);
}

function contentOf({ data }) {
  try {
    return data.json();
  } catch {
    return {};
  }
}

async function heard(content) {
  if (content.type === "read") return await closeRead(content.room);
  if (content.type === "message") {
    await closeOthers(new Set(content.open));
    return await show(content);
  }
  // From a newer server. Browsers want something to be seen for every push.
  await self.registration.showNotification("Parley", { body: "Something is new.", icon: ICON });
}

/** One notification a room: a newer one takes the place of what is shown. */
function show({ title, body, room, at, alert }) {
  return self.registration.showNotification(title, {
    body,
    tag: room,
    renotify: alert,
    silent: !alert,
    timestamp: at,
    icon: ICON,
    badge: BADGE,
    dir: "auto",
    data: { title, body, room, at },
  });
}

/** Closes what was read elsewhere. Something must be seen: another that is open is shown again. */
async function closeRead(room) {
  const shown = await self.registration.getNotifications();
  for (const one of shown) if (one.tag === room) one.close();
  const other = shown.find((one) => one.tag !== room && one.data?.room);
  if (other) await show({ ...other.data, alert: false });
}

async function closeOthers(open) {
  for (const one of await self.registration.getNotifications()) {
    if (one.data?.room && !open.has(one.tag)) one.close();
  }
}

/** What a page has closed: those of `rooms`, or all if it names none. */
async function closeFor({ type, rooms }) {
  if (type !== "close") return;
  for (const one of await self.registration.getNotifications()) {
    if (!rooms || rooms.includes(one.tag)) one.close();
  }
}

/** In a page that is open, without loading it anew; else in a new one. */
async function open(room) {
  const path = room ? `/chat/${encodeURIComponent(room)}` : "/chat";
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((one) => one.focused && isChat(one)) ?? pages.find(isChat);
  if (!page) return await self.clients.openWindow(path);
  await page.focus().catch(() => {});
  if (room && !await opensItself(page, room)) {
    await page.navigate(path).catch(() => self.clients.openWindow(path));
  }
}

function isChat({ url }) {
  return /^\/chat(\/|$)/.test(new URL(url).pathname);
}

function opensItself(page, room) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => resolve(true);
    setTimeout(() => resolve(false), ANSWER_MS);
    page.postMessage({ type: "open", room }, [port2]);
  });
}

/** The browser has given this subscription up: the server learns of the one after it. */
async function renew({ oldSubscription, newSubscription }) {
  const options = oldSubscription?.options ?? newSubscription?.options;
  const subscription = newSubscription ??
    (options && await self.registration.pushManager.subscribe(options));
  if (!subscription) return; // the next page that is opened subscribes
  const { endpoint, keys } = subscription.toJSON();
  const replaces = oldSubscription?.endpoint;
  await fetch("/api/push/devices", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ endpoint, keys, renew: true, ...replaces && { replaces } }),
  });
}
