/**
 * Notifications from end to end: a server process, people who sign in, subscribe and post by the
 * API, and a push service on this machine that decrypts what it gets.
 */

import { assert, assertEquals } from "@std/assert";
import { type Client, clientOf, cookieOf, PASSWORD, register } from "../helpers/client.ts";
import { allowsAll } from "../helpers/permissions.ts";
import { FakePushService, type FakeSubscription } from "../helpers/push_service.ts";
import { startServer, type TestServer } from "../helpers/server.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

let server: TestServer;
let service: FakePushService;
let listener: Deno.HttpServer;
let ada: Client;
let ben: Client;

function test(name: string, run: () => Promise<void>): void {
  Deno.test({ name, ignore: !allowsAll, fn: run });
}

if (allowsAll) {
  Deno.test.beforeAll(async () => {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    listener = Deno.serve(options, (request) => service.handle(request));
    const { port } = listener.addr as Deno.NetAddr;
    service = new FakePushService(`http://127.0.0.1:${port}`);
    const env = { PUSH_HOSTS: service.origin, VAPID_SUBJECT: "mailto:ops@example.org" };
    server = await startServer({ env });
    ada = await register(server.origin, "ada", "Ada");
    ben = await register(server.origin, "ben", "Ben");
  });
  Deno.test.afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await listener.shutdown();
  });
}

async function subscribe(client: Client, body: unknown): Promise<Response> {
  return await client.fetch("/api/push/devices", {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": FIREFOX },
    body: JSON.stringify(body),
  });
}

async function statusOf(answer: Promise<Response>): Promise<number> {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
}

async function signInAgain(username: string): Promise<Client> {
  const response = await fetch(`${server.origin}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin },
    body: JSON.stringify({ username, password: PASSWORD }),
  });
  await response.body?.cancel();
  return await clientOf(server.origin, cookieOf(response));
}

interface Device {
  id: string;
  name: string;
  usedAt: number;
}

async function devicesOf(client: Client): Promise<Device[]> {
  return (await client.json<{ devices: Device[] }>("/api/push/devices")).devices;
}

test("a message that is posted by the API arrives, decrypted, on the other's device", async () => {
  const { key } = await ben.json<{ key: string }>("/api/push/key");
  const subscription = await service.subscribe("bens");
  assertEquals(await statusOf(subscribe(ben, subscription)), 200);
  const [device] = await devicesOf(ben);
  assertEquals(device.name, "Firefox on Linux");
  assertEquals(Object.keys(device).sort(), ["createdAt", "id", "name", "usedAt"]);

  const room = await ada.room(ben.me);
  await ada.json(`/api/rooms/${room.id}/posts`, { id: "p1", text: "Are you there?" });
  const [content] = await service.got("bens", 1);
  assert(content.type === "message");
  assertEquals([content.title, content.body, content.room], ["Ada", "Are you there?", room.id]);
  assertEquals(service.pushes.all[0].key, key, "signed by the key that browsers subscribe with");

  // Seen by a socket that says it looks: none. The one after it comes.
  await using socket = await ben.connect();
  socket.send({ type: "attention", focused: true });
  await socket.settled();
  await ada.json(`/api/rooms/${room.id}/posts`, { id: "p2", text: "I see you" });
  await socket.next("events", ({ events }) => events.some(({ id }) => id === "p2"));
  await new Promise((resolve) => setTimeout(resolve, 2_500)); // the time in which it would come
  socket.send({ type: "attention", focused: false });
  await socket.settled();
  await ada.json(`/api/rooms/${room.id}/posts`, { id: "p3", text: "Gone again" });
  await service.got("bens", 2);
  assertEquals(service.contents("bens").map((c) => c.type === "message" && c.body), [
    "Are you there?",
    "Gone again",
  ]);

  // Read at another device, which has no socket even: the first one is told to close it.
  await socket.close();
  const desk = await signInAgain("ben");
  assert(desk.cookie !== ben.cookie);
  const { head } = (await ben.json<{ rooms: { head: number }[] }>("/api/rooms")).rooms[0];
  await desk.json(`/api/rooms/${room.id}/read`, { seq: head });
  const [, , closing] = await service.got("bens", 3);
  assertEquals(closing, { type: "read", room: room.id });

  const removal = ben.fetch(`/api/push/devices/${device.id}`, { method: "DELETE" });
  assertEquals(await statusOf(removal), 204);
  assertEquals(await devicesOf(ben), []);
});

test("the keys outlive a restart", async () => {
  await using own = await startServer();
  const eve = await register(own.origin, "eve");
  const before = await eve.json("/api/push/key");
  await own.stop();
  await own.restart();
  assertEquals(await eve.json("/api/push/key"), before);
});

test("a subscription that cannot be used or may not be reached is refused", async () => {
  const good: FakeSubscription = await service.subscribe("good");
  const bad: unknown[] = [
    { ...good, endpoint: "http://169.254.169.254/latest/meta-data" },
    { ...good, endpoint: "https://127.0.0.1/x" },
    { ...good, endpoint: server.origin },
    { ...good, endpoint: `https://evil.example/${service.origin}` },
    { ...good, endpoint: "" },
    { ...good, keys: { ...good.keys, p256dh: "AAAA" } },
    { ...good, keys: { ...good.keys, auth: "" } },
    { ...good, keys: {} },
    { ...good, extra: 1 },
    { endpoint: good.endpoint },
    [],
  ];
  for (const body of bad) {
    assertEquals(await statusOf(subscribe(ben, body)), 400, JSON.stringify(body));
  }
  assertEquals(await devicesOf(ben), []);
  assertEquals(await statusOf(subscribe(ben, good)), 200, "premise: the good one is taken");
});

test("nobody removes another's device, a stranger does nothing", async () => {
  const [device] = await devicesOf(ben);
  const path = `/api/push/devices/${device.id}`;
  assertEquals(await statusOf(ada.fetch(path, { method: "DELETE" })), 404);
  assertEquals(await statusOf(ada.fetch("/api/push/devices/absent", { method: "DELETE" })), 404);
  for (const address of ["/api/push/key", "/api/push/devices"]) {
    assertEquals(await statusOf(fetch(server.origin + address)), 401);
  }
  const foreign = { origin: "https://evil.example" };
  assertEquals(await statusOf(ben.fetch(path, { method: "DELETE", headers: foreign })), 403);
  assertEquals((await devicesOf(ben)).length, 1);
});

test("signing out ends the notifications of that session", async () => {
  const eve = await register(server.origin, "eve", "Eve");
  assertEquals(await statusOf(subscribe(eve, await service.subscribe("eves"))), 200);
  const room = await ada.room(eve.me);
  assertEquals(await statusOf(eve.fetch("/api/session", { method: "DELETE" })), 204);
  await ada.json(`/api/rooms/${room.id}/posts`, { id: "e1", text: "for a closed door" });
  const bens = await ada.room(ben.me);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await ada.json(`/api/rooms/${bens.id}/posts`, { id: "e2", text: "for an open one" });
  await service.got("good", 1);
  assertEquals(service.contents("eves"), []);
});

test("the service worker is the site's, is asked for anew, may only ask the site, caches nothing", async () => {
  const response = await fetch(`${server.origin}/sw.js`, { redirect: "manual" });
  const text = await response.text();
  assertEquals(response.status, 200, "also for strangers: it is updated after signing out");
  assert(response.headers.get("content-type")?.startsWith("text/javascript"));
  assert(/no-cache|no-store/.test(response.headers.get("cache-control") ?? ""));
  const policy = response.headers.get("content-security-policy") ?? "";
  assert(policy.includes("default-src 'none'") && policy.includes("connect-src 'self'"), policy);
  assert(!/addEventListener\("fetch"|caches\./.test(text));
  const manifest = await fetch(`${server.origin}/manifest.webmanifest`);
  const { icons } = await manifest.json() as { icons: { src: string }[] };
  assert(icons.length > 0, "premise: there are icons");
  for (const { src } of icons) assertEquals(await statusOf(fetch(server.origin + src)), 200, src);
});

test("quiet hours and devices are set by form, each person's own", async () => {
  const eve = await register(server.origin, "eva", "Eva");
  const send = async (client: Client, fields: Record<string, string>) => {
    const body = new URLSearchParams(fields);
    return await statusOf(client.fetch("/settings", { method: "POST", body }));
  };
  const hours = { section: "quiet", quiet: "on", from: "22:00", to: "07:00", zone: "Asia/Tokyo" };
  assertEquals(await send(eve, hours), 303);
  const page = await (await eve.fetch("/settings")).text();
  assert(/<option\s+selected[^>]*>Asia\/Tokyo</.test(page));
  const bads: Record<string, string>[] = [
    { from: "25:00" },
    { to: "" },
    { zone: "Mars/Olympus" },
    { zone: "x".repeat(100) },
    { quiet: "yes" },
    { more: "1" },
  ];
  for (const bad of bads) {
    assertEquals(await send(eve, { ...hours, ...bad }), 400, JSON.stringify(bad));
  }
  assertEquals(await statusOf(subscribe(eve, await service.subscribe("evas"))), 200);
  const [device] = await devicesOf(eve);
  assertEquals(await send(ada, { section: "device", device: device.id }), 303);
  assertEquals((await devicesOf(eve)).length, 1, "another's stays");
  assertEquals(await send(eve, { section: "device", device: device.id }), 303);
  assertEquals(await devicesOf(eve), []);
});

test("an edit by the API that mentions somebody anew arrives with them alone, once", async () => {
  const dora = await register(server.origin, "dora", "Dora");
  const finn = await register(server.origin, "finn", "Finn");
  for (const [client, name] of [[dora, "doras"], [finn, "finns"]] as const) {
    assertEquals(await statusOf(subscribe(client, await service.subscribe(name))), 200);
  }
  await using socket = await ada.connect();
  const people = [dora.me.id, finn.me.id];
  socket.send({ type: "create", ref: 1, id: "g1", name: "Harbour", people });
  const { room: { id: room } } = await socket.next("opened");
  const bodies = (device: string) =>
    service.contents(device).flatMap((content) => content.type === "message" ? [content.body] : []);
  const post = (id: string, text: string) => ada.json(`/api/rooms/${room}/posts`, { id, text });
  const { seq } = await post("h1", "Who brings soup?") as { seq: number };
  await Promise.all([service.got("doras", 1), service.got("finns", 1)]);
  const edit = (id: string, text: string) =>
    ada.json(`/api/rooms/${room}/changes`, { type: "edit", id, message: seq, text });
  await edit("h2", "@dora, bring soup");
  await service.got("doras", 2);
  await edit("h3", "@dora, please bring soup"); // keeps it: whatever follows comes without a push
  const direct = await ada.room(dora.me);
  await ada.json(`/api/rooms/${direct.id}/posts`, { id: "h4", text: "Please" });
  await service.got("doras", 3);
  await post("h5", "Thank you");
  await Promise.all([service.got("doras", 4), service.got("finns", 2)]);
  assertEquals(bodies("doras"), [
    "Ada: Who brings soup?",
    "Ada: @dora, bring soup",
    "Please",
    "Ada: Thank you",
  ]);
  assertEquals(bodies("finns"), ["Ada: Who brings soup?", "Ada: Thank you"]);
});
