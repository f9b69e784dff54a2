import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import type { Presence } from "../../lib/chat/values.ts";
import type { UserRecord } from "../../lib/store/accounts.ts";
import { addInstance, getSeen, listInstances, listOnline } from "../../lib/store/presence.ts";
import { keys } from "../../lib/store/keys.ts";
import type { FakeSocket } from "../helpers/fake_socket.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { TestInstance } from "../helpers/instance.ts";
import { createPerson } from "../helpers/people.ts";
import { stubKv } from "../helpers/stub_kv.ts";
import { quietly } from "../helpers/waiting.ts";

const TIMES = { leaseMs: 600, lingerMs: 150 };

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

async function nextOf(socket: FakeSocket, id: string): Promise<Presence> {
  const { people } = await socket.take("presence", ({ people }) => people[0].id === id);
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
  const [ada, eve] = [await createPerson(kv, "ada"), await createPerson(kv, "eve")];
  await using a = await TestInstance.start(kv, { times: TIMES });
  await using b = await TestInstance.start(kv, { times: TIMES });
  const [socket] = await watcherOf(b, eve, ada.id);
  let tab = await a.connect(ada);
  assertEquals((await nextOf(socket, ada.id)).online, true);
  for (let n = 0; n < 3; n++) {
    tab.hangUp();
    tab = await a.connect(ada);
  }
  const second = await a.connect(ada);
  second.hangUp();
  tab.hangUp();
  assertEquals((await nextOf(socket, ada.id)).online, false);
  const states = socket.all("presence").map(({ people }) => people[0].online);
  assertEquals(states, [false, true, false]);
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

Deno.test("an instance that could not reach KV for long meets the others again", async () => {
  using kv = await freshKv();
  const [ada, eve] = [await createPerson(kv, "ada"), await createPerson(kv, "eve")];
  await using a = await TestInstance.start(kv, { instance: "a", times: TIMES });
  let isDown = false;
  const flaky = stubKv(kv, {
    commit: (_, run) => isDown ? Promise.reject(new Error("unreachable")) : run(),
    read() {
      if (isDown) throw new Error("unreachable");
    },
  });
  await using b = await TestInstance.start(flaky, { instance: "b", times: TIMES });
  const [socket] = await watcherOf(b, eve, ada.id);
  await a.connect(ada);
  assertEquals((await nextOf(socket, ada.id)).online, true);
  await quietly(async () => {
    isDown = true;
    // As a watch that is cut off: the head's news of `a` no longer arrive.
    b.live.broadcaster.unfollow(["instance", "a"]);
    assertEquals((await nextOf(socket, ada.id)).online, false);
    isDown = false;
    assertEquals((await nextOf(socket, ada.id)).online, true);
  });
});

Deno.test("comings while an instance is being met are not overwritten by an older list", async () => {
  using kv = await freshKv();
  const people = await Promise.all(
    Array.from({ length: 30 }, (_, n) => createPerson(kv, `user${n}`)),
  );
  const eve = await createPerson(kv, "eve");
  await using a = await TestInstance.start(kv, { times: TIMES });
  const connects = people.map((one) => a.connect(one));
  const instances = await Promise.all(
    [1, 2, 3, 4].map(() => TestInstance.start(kv, { times: TIMES })),
  );
  await Promise.all(connects);
  for (const instance of instances) {
    const socket = await instance.connect(eve);
    socket.say({ type: "watch", people: people.map(({ id }) => id) });
    const online = new Set<string>();
    while (online.size < people.length) {
      const { people } = await socket.take("presence");
      for (const { id, online: is } of people) if (is) online.add(id);
    }
    await instance[Symbol.asyncDispose]();
  }
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
