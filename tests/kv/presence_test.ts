import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import type { Presence } from "../../lib/chat/people.ts";
import type { UserRecord } from "../../lib/store/accounts.ts";
import {
  addInstance,
  getSeen,
  listInstances,
  listOnline,
  renewLease,
} from "../../lib/store/presence.ts";
import { keys } from "../../lib/store/keys.ts";
import type { FakeSocket } from "../helpers/fake_socket.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { TestInstance } from "../helpers/instance.ts";
import { createPerson } from "../helpers/people.ts";
import { createSession, removeSession } from "../../lib/store/sessions.ts";
import { hashToken } from "../../lib/store/ids.ts";
import { stubKv } from "../helpers/stub_kv.ts";
import { quietly, within } from "../helpers/waiting.ts";

const TIMES = { leaseMs: 1_500, lingerMs: 400 };

/** A socket that watches a person, with the first answer taken. */
async function watcherOf(
  instance: TestInstance,
  viewer: UserRecord,
  id: string,
): Promise<[FakeSocket, Presence]> {
  const socket = await instance.connect(viewer);
  socket.say({ type: "watch", people: [id] });
  const { people: [presence] } = await socket.take("presence");
  return [socket, presence];
}

/** The next change of a person, or the next to a given state. */
async function nextOf(socket: FakeSocket, id: string, online?: boolean): Promise<Presence> {
  const { people } = await socket.take(
    "presence",
    ({ people: [one] }) => one.id === id && (online === undefined || one.online === online),
  );
  return people[0];
}

Deno.test("a person who comes and goes at one instance is seen at the other", async () => {
  using kv = await freshKv();
  const [ada, eve] = [await createPerson(kv, "ada"), await createPerson(kv, "eve")];
  await using a = await TestInstance.start(kv, { times: TIMES });
  await using b = await TestInstance.start(kv, { times: TIMES });
  const [socket, before] = await watcherOf(b, eve, ada.id);
  assertEquals(before, { id: ada.id, online: false, seenAt: null });
  const start = Date.now();
  const visit = await a.connect(ada);
  assertEquals(await nextOf(socket, ada.id), { id: ada.id, online: true, seenAt: null });
  visit.hangUp();
  const gone = await nextOf(socket, ada.id);
  assertEquals(gone.online, false);
  assertGreaterOrEqual(gone.seenAt!, start);
  assertGreaterOrEqual((await getSeen(kv, [ada.id]))[0]!, start);
});

Deno.test("an instance that starts later knows who is online at the others", async () => {
  using kv = await freshKv();
  const [ada, eve] = [await createPerson(kv, "ada"), await createPerson(kv, "eve")];
  await using a = await TestInstance.start(kv, { times: TIMES });
  const [here] = await watcherOf(a, eve, ada.id);
  await a.connect(ada);
  await nextOf(here, ada.id);
  // Comings are written some milliseconds after they are known here.
  for await (const [entry] of kv.watch([keys.online(a.live.presence.instance, ada.id)])) {
    if (entry.value) break;
  }
  await using b = await TestInstance.start(kv, { times: TIMES });
  const [, presence] = await watcherOf(b, eve, ada.id);
  assertEquals(presence.online, true);
});

Deno.test("a reload does not flicker", async () => {
  using kv = await freshKv();
  const [ada, ben, eve] = await Promise.all(["ada", "ben", "eve"].map((n) => createPerson(kv, n)));
  await using a = await TestInstance.start(kv, { times: TIMES });
  await using b = await TestInstance.start(kv, { times: TIMES });
  const socket = await b.connect(eve);
  socket.say({ type: "watch", people: [ada.id, ben.id] });
  const statesOf = (id: string) =>
    socket.all("presence").slice(1)
      .flatMap(({ people }) => people.filter((one) => one.id === id).map(({ online }) => online));
  let tab = await a.connect(ada);
  assertEquals((await nextOf(socket, ada.id, true)).online, true);
  for (let n = 0; n < 3; n++) {
    tab.hangUp();
    tab = await a.connect(ada);
  }
  // Ben lingers after Ada's first tabs have: by the time he is gone, she would be too.
  const visit = await a.connect(ben);
  visit.hangUp();
  await nextOf(socket, ben.id, false);
  assertEquals([statesOf(ada.id), statesOf(ben.id)], [[true], [true, false]]);
  const second = await a.connect(ada);
  second.hangUp();
  tab.hangUp();
  await nextOf(socket, ada.id, false);
  assertEquals(statesOf(ada.id), [true, false]);
});

Deno.test("a person at two instances is online until the last one is left", async () => {
  using kv = await freshKv();
  const [ada, eve] = [await createPerson(kv, "ada"), await createPerson(kv, "eve")];
  await using a = await TestInstance.start(kv, { times: TIMES });
  await using b = await TestInstance.start(kv, { times: TIMES });
  const [socket] = await watcherOf(b, eve, ada.id);
  const [other] = await watcherOf(a, eve, ada.id);
  const [first, second] = [await a.connect(ada), await b.connect(ada)];
  await nextOf(socket, ada.id);
  await nextOf(other, ada.id);
  first.hangUp();
  for await (const [entry] of kv.watch([keys.online(a.live.presence.instance, ada.id)])) {
    if (!entry.value) break;
  }
  assert(b.live.presence.isOnline(ada.id) && a.live.presence.isOnline(ada.id));
  second.hangUp();
  assertEquals((await nextOf(socket, ada.id)).online, false);
  assertEquals((await nextOf(other, ada.id)).online, false);
  assertEquals(socket.all("presence").length, 3);
});

Deno.test("an instance that closes takes its people offline at once and leaves nothing", async () => {
  using kv = await freshKv();
  const [ada, eve] = [await createPerson(kv, "ada"), await createPerson(kv, "eve")];
  await using b = await TestInstance.start(kv, { times: TIMES });
  const [socket] = await watcherOf(b, eve, ada.id);
  {
    await using a = await TestInstance.start(kv, { times: TIMES });
    await a.connect(ada);
    assertEquals((await nextOf(socket, ada.id)).online, true);
  }
  assertEquals((await nextOf(socket, ada.id)).online, false);
  assertEquals(await listInstances(kv), [b.live.presence.instance]);
});

Deno.test("a killed instance is buried: its people go offline and were last seen", async () => {
  using kv = await freshKv();
  const [ada, eve] = [await createPerson(kv, "ada"), await createPerson(kv, "eve")];
  await addInstance(kv, "killed", Date.now() + TIMES.leaseMs);
  await kv.set(keys.online("killed", ada.id), 1);
  await using b = await TestInstance.start(kv, { times: TIMES });
  const [socket, before] = await watcherOf(b, eve, ada.id);
  assertEquals(before.online, true, "premise: the lease still runs");
  assertEquals((await nextOf(socket, ada.id)).online, false);
  // The removal is committed after its own instance has judged.
  for await (const [entry] of kv.watch([keys.seen(ada.id)])) {
    if (entry.value) break;
  }
  assertEquals(await listInstances(kv), [b.live.presence.instance]);
  assertEquals(await listOnline(kv, "killed"), []);
});

Deno.test("an instance that was taken for dead announces itself and its people again", async () => {
  using kv = await freshKv();
  const [ada, eve] = [await createPerson(kv, "ada"), await createPerson(kv, "eve")];
  await using a = await TestInstance.start(kv, { instance: "a", times: TIMES });
  await using b = await TestInstance.start(kv, { times: TIMES });
  const [socket] = await watcherOf(b, eve, ada.id);
  await a.connect(ada);
  assertEquals((await nextOf(socket, ada.id)).online, true);
  await kv.atomic().delete(keys.instance("a")).delete(keys.head(["instance", "a"]))
    .delete(keys.online("a", ada.id)).sum(keys.fleet(), 1n).commit();
  assertEquals((await nextOf(socket, ada.id)).online, false);
  assertEquals((await nextOf(socket, ada.id)).online, true);
  assertEquals(await listOnline(kv, "a"), [ada.id]);
});

Deno.test("an instance that was taken for dead while nobody was there announces who comes later", async () => {
  using kv = await freshKv();
  const [ada, eve] = [await createPerson(kv, "ada"), await createPerson(kv, "eve")];
  await using a = await TestInstance.start(kv, { instance: "a", times: TIMES });
  await using b = await TestInstance.start(kv, { times: TIMES });
  const [socket] = await watcherOf(b, eve, ada.id);
  await kv.atomic().delete(keys.instance("a")).delete(keys.head(["instance", "a"]))
    .sum(keys.fleet(), 1n).commit();
  for await (const [entry] of kv.watch([keys.instance("a")])) {
    if (entry.value) break;
  }
  await a.connect(ada);
  assertEquals((await nextOf(socket, ada.id)).online, true);
});

Deno.test("an instance that could not reach KV for long meets the others again", async () => {
  using kv = await freshKv();
  const [ada, eve] = [await createPerson(kv, "ada"), await createPerson(kv, "eve")];
  const expiresAt = () => Date.now() + TIMES.leaseMs;
  await addInstance(kv, "a", expiresAt());
  await kv.set(keys.online("a", ada.id), 1);
  // `a` is alive all the time, and buries nobody.
  let signs = Promise.resolve(true);
  const alive = setInterval(() => signs = signs.then(() => renewLease(kv, "a", expiresAt())), 100);
  let isDown = false;
  const flaky = stubKv(kv, {
    commit: (_, run) => isDown ? Promise.reject(new Error("unreachable")) : run(),
    read() {
      if (isDown) throw new Error("unreachable");
    },
  });
  {
    await using b = await TestInstance.start(flaky, { instance: "b", times: TIMES });
    const [socket, before] = await watcherOf(b, eve, ada.id);
    assertEquals(before.online, true);
    await quietly(async () => {
      isDown = true;
      // As a watch that is cut off: the head's news of `a` no longer arrive.
      b.live.broadcaster.unfollow(["instance", "a"]);
      assertEquals((await nextOf(socket, ada.id)).online, false);
      isDown = false;
      assertEquals((await nextOf(socket, ada.id)).online, true);
    });
  }
  clearInterval(alive);
  await signs;
});

Deno.test("an instance is not buried while it is being met", async () => {
  using kv = await freshKv();
  const gate = Promise.withResolvers<void>();
  const lease = JSON.stringify(keys.head(["instance", "a"]));
  const slow = stubKv(kv, {
    read: (what) => JSON.stringify(what) === lease ? gate.promise : undefined,
  });
  await using _b = await TestInstance.start(slow, { instance: "b", times: TIMES });
  await using _a = await TestInstance.start(kv, { instance: "a", times: TIMES });
  const announced = await kv.get(keys.instance("a"));
  // Two renewals of `a` take longer than several looks of `b` for the dead.
  let renewals = 0;
  for await (const _ of kv.watch([keys.head(["instance", "a"])])) if (++renewals === 3) break;
  assertEquals((await kv.get(keys.instance("a"))).versionstamp, announced.versionstamp);
  gate.resolve();
});

Deno.test("a coming while an instance is being met is not overwritten by an older list", async () => {
  using kv = await freshKv();
  const ada = await createPerson(kv, "ada");
  await using a = await TestInstance.start(kv, { instance: "a" });
  const gate = Promise.withResolvers<void>();
  const listed = Promise.withResolvers<void>();
  const slow = stubKv(kv, {
    async listed(selector) {
      const [first] = "prefix" in selector ? selector.prefix : selector.start;
      if (first === "online") {
        listed.resolve();
        await gate.promise;
      } else if (first === "log") {
        setTimeout(gate.resolve, 0); // after the entry was applied
      }
    },
  });
  const starting = TestInstance.start(slow, { instance: "b" });
  await listed.promise;
  await a.connect(ada);
  await using b = await starting;
  assert(b.live.presence.isOnline(ada.id));
});

Deno.test("a new instance is met at once, not at the next renewal", async () => {
  using kv = await freshKv();
  const [ada, eve] = [await createPerson(kv, "ada"), await createPerson(kv, "eve")];
  await using a = await TestInstance.start(kv);
  const [socket] = await watcherOf(a, eve, ada.id);
  // A note that arrives shows that `a` watches, and has seen who was there before.
  const hash = await hashToken(await createSession(kv, ada.id));
  const visit = await a.connect(ada, { session: hash });
  await nextOf(socket, ada.id, true);
  await removeSession(kv, hash);
  await visit.closed;
  await using b = await TestInstance.start(kv);
  const ben = await createPerson(kv, "ben");
  socket.say({ type: "watch", people: [ben.id] });
  await socket.take("presence");
  await b.connect(ben);
  assertEquals((await within(nextOf(socket, ben.id), "online", 5_000)).online, true);
});

Deno.test("many instances that start together all know each other's people", async () => {
  using kv = await freshKv();
  const eve = await createPerson(kv, "eve");
  const people = await Promise.all([0, 1, 2, 3, 4].map((n) => createPerson(kv, `user${n}`)));
  const instances = await Promise.all(people.map(() => TestInstance.start(kv, { times: TIMES })));
  const watching = await Promise.all(instances.map(async (one) => {
    const socket = await one.connect(eve);
    socket.say({ type: "watch", people: people.map(({ id }) => id) });
    return socket;
  }));
  await Promise.all(instances.map((one, n) => one.connect(people[n])));
  for (const socket of watching) {
    const online = new Set<string>();
    while (online.size < people.length) {
      const { people } = await socket.take("presence");
      for (const { id, online: is } of people) if (is) online.add(id);
    }
  }
  for (const instance of instances) await instance[Symbol.asyncDispose]();
});

Deno.test("an answer about presence is not older than the changes that were told before it", async () => {
  using kv = await freshKv();
  const [ada, eve] = [await createPerson(kv, "ada"), await createPerson(kv, "eve")];
  let reading = Promise.withResolvers<void>();
  let held: Promise<void> | null = null;
  const slow = stubKv(kv, {
    async read() {
      if (!held) return;
      reading.resolve();
      await held;
    },
  });
  await using a = await TestInstance.start(slow, { times: TIMES });
  const watcher = await a.connect(eve);
  const visit = a.open(ada);
  reading = Promise.withResolvers();
  const gate = Promise.withResolvers<void>();
  held = gate.promise;
  watcher.say({ type: "watch", people: [ada.id] });
  await reading.promise;
  visit.say({ type: "hello", version: 1 });
  assertEquals((await nextOf(watcher, ada.id)).online, true, "premise: her coming is told first");
  held = null;
  gate.resolve();
  assertEquals((await nextOf(watcher, ada.id)).online, true);
});
