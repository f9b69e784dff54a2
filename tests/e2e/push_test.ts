/**
 * Notifications in a browser. Chromium without a screen reaches no push service, so the page's
 * subscription is one at a push service of the test; what that gets, decrypted, is delivered to the
 * service worker by the browser's own tools.
 */

import { assert, assertEquals } from "@std/assert";
import type { CDPSession, Page, Worker } from "playwright-core";
import { openTab, reload, type Tab, untilListens, useSession, visit } from "../helpers/browser.ts";
import type { Client } from "../helpers/client.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { FakePushService, type FakeSubscription } from "../helpers/push_service.ts";
import { startBrowserTown } from "../helpers/talk.ts";

/** A town of two and a push service. Declare it with `await using`. */
async function setUp() {
  await using made = new AsyncDisposableStack();
  const box: { service?: FakePushService } = {};
  const listener = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => box.service!.handle(request),
  );
  made.use(listener);
  const service = box.service = new FakePushService(
    `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
  );
  const env = { PUSH_HOSTS: service.origin };
  const town = made.use(await startBrowserTown({ ada: "Ada", ben: "Ben" }, { env }));
  const all = made.move();
  return { ...town, service, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** How the browser of the test answers, and how often it was asked. */
interface FakeBrowser {
  permission: NotificationPermission;
  asked: number;
}

/** In the page: subscriptions are the given one, permissions as the test says. */
function fakePush({ subscription, permission }: {
  subscription: FakeSubscription;
  permission: NotificationPermission | null;
}): void {
  const held = "test-subscribed";
  const made = {
    ...subscription,
    options: { applicationServerKey: null },
    toJSON: () => ({ ...subscription, expirationTime: null }),
    unsubscribe: () => (localStorage.removeItem(held), Promise.resolve(true)),
  };
  PushManager.prototype.subscribe = () => {
    localStorage.setItem(held, "1");
    return Promise.resolve(made as unknown as PushSubscription);
  };
  PushManager.prototype.getSubscription = () =>
    Promise.resolve(localStorage.getItem(held) ? made as unknown as PushSubscription : null);
  const granted = localStorage.getItem("test-granted") ? "granted" : null;
  const fake: FakeBrowser = { permission: granted ?? permission ?? "granted", asked: 0 };
  Object.assign(globalThis, { fake });
  if (permission === null) return;
  Object.defineProperty(Notification, "permission", { get: () => fake.permission });
  Notification.requestPermission = () => {
    fake.asked++;
    if (fake.permission === "default") {
      fake.permission = "granted";
      localStorage.setItem("test-granted", "1");
    }
    return Promise.resolve(fake.permission);
  };
}

async function openFor(
  t: Awaited<ReturnType<typeof setUp>>,
  client: Client,
  options: { permission?: NotificationPermission | null } = {},
): Promise<Tab> {
  const tab = await openTab(t.browser);
  const { page } = tab;
  await useSession(page, t.server.origin, client.cookie);
  await page.context().grantPermissions(["notifications"], { origin: t.server.origin });
  const subscription = await t.service.subscribe(client.me.username);
  const { permission = null } = options;
  await page.context().addInitScript(fakePush, { subscription, permission });
  return tab;
}

/** Gives the service worker a push, as the browser does when one comes. */
async function pusher(page: Page, origin: string) {
  const session: CDPSession = await page.context().newCDPSession(page);
  const found = Promise.withResolvers<string>();
  session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    if (registrations[0]) found.resolve(registrations[0].registrationId);
  });
  await session.send("ServiceWorker.enable");
  const registrationId = await found.promise;
  return (content: unknown) =>
    session.send("ServiceWorker.deliverPushMessage", {
      origin,
      registrationId,
      data: JSON.stringify(content),
    });
}

async function devicesOf(client: Client): Promise<unknown[]> {
  return (await client.json<{ devices: unknown[] }>("/api/push/devices")).devices;
}

/** In the worker's turn: Chromium forgets a notification asked for while it is being shown. */
async function shown(page: Page): Promise<{ title: string; body: string; tag: string }[]> {
  return await (await workerOf(page)).evaluate(async () => {
    const { inTurn, registration } = globalThis as unknown as {
      inTurn<T>(work: () => Promise<T>): Promise<T>;
      registration: ServiceWorkerRegistration;
    };
    return (await inTurn(() => registration.getNotifications()))
      .map(({ title, body, tag }) => ({ title, body, tag }));
  });
}

async function workerOf(page: Page): Promise<Worker> {
  const context = page.context();
  return context.serviceWorkers()[0] ?? await context.waitForEvent("serviceworker");
}

async function untilShown(page: Page, titles: string[]): Promise<void> {
  for (let tries = 0;; tries++) {
    const now = (await shown(page)).map(({ title }) => title).sort();
    if (JSON.stringify(now) === JSON.stringify([...titles].sort())) return;
    assert(tries < 300, `shown: ${now}, wanted: ${titles}`);
    await page.waitForTimeout(100);
  }
}

Deno.test({
  name: "notifications are turned on, shown, clicked, closed by reading, and removed",
  ignore: !chromiumPath,
  async fn() {
    await using t = await setUp();
    const { origin } = t.server;
    const room = await t.ada.room(t.ben.me);
    await using tab = await openFor(t, t.ben);
    const { page } = tab;

    await page.goto(`${origin}/settings`);
    await page.getByRole("button", { name: "Turn on notifications" }).click();
    await page.getByText("Notifications are on in this browser.").waitFor();
    await page.getByRole("listitem").filter({ hasText: /Chrome on Linux\s*This browser/ })
      .waitFor();

    // Nobody looks at the chat: what Ada says comes to the device.
    await t.ada.json(`/api/rooms/${room.id}/posts`, { id: "p1", text: "Is there *soup*?" });
    const [content] = await t.service.got("ben", 1);
    const push = await pusher(page, origin);
    await push(content);
    await untilShown(page, ["Ada"]);
    assertEquals(await shown(page), [{ title: "Ada", body: "Is there soup?", tag: room.id }]);

    // The next of the same room takes its place; what is read elsewhere goes.
    await push({ ...content, title: "Ada (2)", alert: false });
    await untilShown(page, ["Ada (2)"]);
    await push({ ...content, room: "other", title: "Eve", open: [room.id, "other"] });
    await untilShown(page, ["Ada (2)", "Eve"]);
    await push({ type: "read", room: "other" });
    await untilShown(page, ["Ada (2)"]);
    await push({ ...content, room: "third", title: "Kim", open: ["third"] });
    await untilShown(page, ["Kim"]);
    await push({ ...content, title: "Ada", open: [room.id] });
    await untilShown(page, ["Ada"]);

    // A click opens the room in the page that is there, without loading it anew; reading closes it.
    await page.goto(`${origin}/chat`);
    await page.getByText("1 unread").first().waitFor();
    await untilListens(page, { expression: "navigator.serviceWorker", type: "message" });
    await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
    const worker = await workerOf(page);
    await worker.evaluate(async () => {
      const scope = globalThis as unknown as { registration: ServiceWorkerRegistration };
      const [notification] = await scope.registration.getNotifications();
      const event = new Event("notificationclick");
      Object.assign(event, { notification, waitUntil: () => {} });
      globalThis.dispatchEvent(event);
    });
    await page.waitForURL(`**/chat/${room.id}`);
    await page.locator("[data-key]", { hasText: "soup" }).waitFor();
    assert(await page.evaluate(() => "sameDocument" in globalThis), "not loaded anew");

    await push(content);
    await push({ ...content, room: "other", title: "Eve", open: [room.id, "other"] });
    await page.reload();
    await untilShown(page, ["Eve"]);
    // Signing out takes the others away too; an answer without content lets the page stay.
    const stays = Promise.withResolvers<void>();
    await page.route("**/logout", (route) => route.fulfill({ status: 204 }).then(stays.resolve));
    await page.locator("details[data-menu] summary").first().click();
    await page.getByRole("button", { name: "Sign out" }).click({ noWaitAfter: true });
    await untilShown(page, []);
    await stays.promise;
    await page.unroute("**/logout");

    // A subscription that the browser replaces is the same device, told by the service worker.
    await page.goto(`${origin}/settings`);
    const next = await t.service.subscribe("ben-again");
    await worker.evaluate(async ({ next, old }) => {
      const event = new Event("pushsubscriptionchange");
      const { promise, resolve } = Promise.withResolvers<unknown>();
      Object.assign(event, {
        oldSubscription: old,
        newSubscription: { ...next, toJSON: () => next },
        waitUntil: resolve,
      });
      globalThis.dispatchEvent(event);
      await promise;
    }, { next, old: { endpoint: `${t.service.origin}/send/ben` } });
    assertEquals((await devicesOf(t.ben)).length, 1);
    await t.ada.json(`/api/rooms/${room.id}/posts`, { id: "p2", text: "Still there?" });
    await t.service.got("ben-again", 1);

    // Removed on the page of settings, it gets nothing more.
    await page.reload();
    await page.getByRole("button", { name: /Remove/ }).click();
    await page.getByText("Saved.").waitFor();
    assertEquals(await page.getByText("Devices that get them").count(), 0);
    assertEquals(await devicesOf(t.ben), []);
    assertEquals(tab.problems, []);
  },
});

Deno.test({
  name: "notifications are offered after the first message, never asked for on load",
  ignore: !chromiumPath,
  async fn() {
    await using t = await setUp();
    const { origin } = t.server;
    const room = await t.ada.room(t.ben.me);
    await using tab = await openFor(t, t.ada, { permission: "default" });
    const { page } = tab;
    const asked = () =>
      page.evaluate(() => (globalThis as unknown as { fake: FakeBrowser }).fake.asked);
    const hint = page.getByRole("complementary", { name: "Notifications" });

    for (const path of ["/chat", `/chat/${room.id}`, "/settings"]) {
      await page.goto(origin + path);
      await page.waitForLoadState("networkidle");
      assertEquals([await asked(), await hint.count()], [0, 0], path);
    }

    await visit(page, `${origin}/chat/${room.id}`);
    await page.fill("#composer", "hello");
    await page.press("#composer", "Enter");
    await hint.waitFor();
    assertEquals(await asked(), 0, "the hint does not ask");
    await hint.getByRole("button", { name: "Not now" }).click();
    await hint.waitFor({ state: "detached" });
    await page.fill("#composer", "once more");
    await page.press("#composer", "Enter");
    await page.locator('[data-state="stored"]', { hasText: "once more" }).waitFor();
    assertEquals(await hint.count(), 0);
    await reload(page);
    await page.fill("#composer", "after a reload");
    await page.press("#composer", "Enter");
    await page.locator('[data-state="stored"]', { hasText: "after a reload" }).waitFor();
    await page.waitForTimeout(500); // its code would have to be loaded
    assertEquals(await hint.count(), 0, "dismissed for good");

    await page.evaluate(() => localStorage.removeItem("parley-push-hint"));
    await reload(page);
    await page.fill("#composer", "offered again");
    await page.press("#composer", "Enter");
    await hint.getByRole("button", { name: "Turn on" }).click();
    await hint.getByText("Notifications are on here.").waitFor();
    assertEquals(await asked(), 1);
    const [device] = await devicesOf(t.ada) as { id: string }[];
    assert(device);

    // Removed at another device, this browser stays off until somebody turns it on.
    await t.ada.json(`/api/push/devices/${device.id}`, undefined, "DELETE");
    await page.reload();
    await page.waitForFunction(() => !localStorage.getItem("test-subscribed"));
    assertEquals(await devicesOf(t.ada), []);
    await page.goto(`${origin}/settings`);
    await page.getByRole("button", { name: "Turn on notifications" }).click();
    await page.getByText("Notifications are on in this browser.").waitFor();
    assertEquals((await devicesOf(t.ada)).length, 1);
    assertEquals(tab.problems, []);
  },
});

Deno.test({
  name: "an offer of notifications whose code does not come is made another time, without an error",
  ignore: !chromiumPath,
  async fn() {
    await using t = await setUp();
    const room = await t.ada.room(t.ben.me);
    await using tab = await openFor(t, t.ada, { permission: "default" });
    const { page } = tab;
    const hint = page.getByRole("complementary", { name: "Notifications" });
    await page.route(/\.js$/, async (route) => {
      const response = await route.fetch();
      const isHint = (await response.text()).includes("Notifications are on here.");
      await (isHint ? route.abort("connectionrefused") : route.fulfill({ response }));
    });
    await visit(page, `${t.server.origin}/chat/${room.id}`);
    const failed = page.waitForEvent("requestfailed");
    await page.fill("#composer", "hello");
    await page.press("#composer", "Enter");
    await failed;
    await page.unrouteAll({ behavior: "wait" });
    await visit(page, `${t.server.origin}/chat/${room.id}`);
    await page.fill("#composer", "hello again");
    await page.press("#composer", "Enter");
    await hint.waitFor();
    assertEquals(tab.problems, []);
  },
});

Deno.test({
  name: "a browser that blocks notifications says how to allow them; the page works without script",
  ignore: !chromiumPath,
  async fn() {
    await using t = await setUp();
    await using tab = await openFor(t, t.ben, { permission: "denied" });
    await tab.page.goto(`${t.server.origin}/settings`);
    await tab.page.getByText("This browser blocks notifications").waitFor();
    assertEquals(await tab.page.getByRole("button", { name: /Turn on/ }).count(), 0);

    await using plain = await openTab(t.browser, {
      javaScriptEnabled: false,
      timezoneId: "Europe/Prague",
    });
    const { page } = plain;
    await useSession(page, t.server.origin, t.ben.cookie);
    await page.goto(`${t.server.origin}/settings`);
    await page.getByText("Notifications need JavaScript").waitFor();
    await page.getByLabel("No notifications in these hours").check();
    await page.getByLabel("From").fill("23:15");
    await page.getByLabel("By the clock of").selectOption("Asia/Tokyo");
    const form = page.locator("form", { has: page.locator('[name="zone"]') });
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    assertEquals(await page.getByLabel("From").inputValue(), "23:15");
    assertEquals(await page.getByLabel("By the clock of").inputValue(), "Asia/Tokyo");
    assert(await page.getByLabel("No notifications in these hours").isChecked());
  },
});

Deno.test({
  name: "whoever does nothing for some minutes is told on their other devices",
  ignore: !chromiumPath,
  async fn() {
    await using t = await setUp();
    const room = await t.ada.room(t.ben.me);
    await using tab = await openTab(t.browser);
    const { page } = tab;
    await useSession(page, t.server.origin, t.ben.cookie);
    await t.ben.json("/api/push/devices", await t.service.subscribe("phone"));
    await page.clock.install();
    const said: boolean[] = [];
    let pongs = 0;
    const framesOf = (payload: unknown) => [JSON.parse(String(payload))].flat();
    page.on("websocket", (socket) => {
      socket.on("framesent", ({ payload }) => {
        for (const frame of framesOf(payload)) {
          if (frame.type === "attention") said.push(frame.focused);
        }
      });
      socket.on("framereceived", ({ payload }) => {
        pongs += framesOf(payload).filter(({ type }) => type === "pong").length;
      });
    });
    // Time that goes by so fast leaves the server none to answer: its pong is waited for.
    const goBy = async (minutes: number) => {
      const before = pongs;
      await page.clock.fastForward(minutes * 60_000);
      for (let tries = 0; pongs === before; tries++) {
        assert(tries < 600, "no pong came");
        await page.waitForTimeout(50);
      }
    };
    const until = async (wanted: boolean[]) => {
      for (let tries = 0; JSON.stringify(said) !== JSON.stringify(wanted); tries++) {
        assert(tries < 600, `said: ${said}, wanted: ${wanted}`);
        await page.waitForTimeout(50);
      }
    };
    await page.goto(`${t.server.origin}/chat`);
    await until([true]);
    await goBy(4);
    await page.mouse.move(200, 200);
    await goBy(4);
    await until([true]);
    await goBy(2);
    await until([true, false]);
    await t.ada.json(`/api/rooms/${room.id}/posts`, { id: "p1", text: "Where are you?" });
    await t.service.got("phone", 1);
    await page.mouse.move(300, 300);
    await until([true, false, true]);
  },
});
