/** Groups on a KV Connect server: its limits, and a removal that two processes hear of. */

import { assertEquals, assertLess } from "@std/assert";
import type { RoomSummary } from "../../lib/chat/rooms.ts";
import { getSummary } from "../../lib/store/summaries.ts";
import { denokvPath, startDenokv } from "../helpers/denokv.ts";
import { change, idsOf, makeGroup } from "../helpers/groups.ts";
import { createPerson } from "../helpers/people.ts";
import { at, join, startPair } from "./pair.ts";

const ignore = !denokvPath;

Deno.test({
  name: "as many as may be at once are in a new group, added to it, and one is removed",
  ignore,
  async fn() {
    await using server = await startDenokv();
    Deno.env.set("DENO_KV_ACCESS_TOKEN", server.token);
    using kv = await Deno.openKv(server.url);
    const people = [];
    for (let n = 0; n < 401; n++) people.push(await createPerson(kv, `p${n}`));
    const room = await makeGroup(kv, people.slice(0, 201));
    await change(kv, room, people[0], { type: "add", people: idsOf(...people.slice(201)) });
    await change(kv, room, people[0], { type: "remove", person: people[7].id });
    const { group } = await getSummary(kv, people[400].id, room);
    assertEquals([group?.memberCount, group?.role], [400, "member"]);
  },
});

Deno.test({
  name: "who is removed at one process hears nothing more at the other, and finds nothing at both",
  ignore,
  async fn() {
    await using pair = await startPair();
    const { one, two } = pair;
    const [ada, ben, cat] = [
      await join(one, "ada"),
      await join(one, "ben"),
      await join(two, "cat"),
    ];
    const people = [ben.me.id, cat.me.id];
    const created = { id: "g1", name: "Harbour", people };
    const { room: { id: room } } = await ada.json<{ room: RoomSummary }>("/api/groups", created);
    await using a = await ada.connect();
    await using b = await (await at(two, ben)).connect();
    await using c = await cat.connect();
    a.send({ type: "post", room, id: "m1", text: "hello" });
    for (const socket of [b, c]) {
      await socket.next("events", ({ events }) => events.some(({ id }) => id === "m1"));
    }
    const since = performance.now();
    await ada.json(`/api/rooms/${room}/members/${cat.me.id}`, undefined, "DELETE");
    await c.next("left");
    assertLess(performance.now() - since, 1_000);
    a.send({ type: "post", room, id: "m2", text: "secret" });
    await b.next("events", ({ events }) => events.some(({ id }) => id === "m2"));
    for (const client of [cat, await at(one, cat)]) {
      const response = await client.fetch(`/api/rooms/${room}/events`);
      await response.body?.cancel();
      assertEquals(response.status, 404);
    }
    await c.settled();
    assertEquals(c.raw.filter((text) => text.includes("secret")), []);
    const { room: again } = await ada.json<{ room: RoomSummary }>(`/api/rooms/${room}`);
    assertEquals(again.group?.memberCount, 2);
    await ada.json(`/api/rooms/${room}/members`, { people: [cat.me.id] });
    await c.next("room");
  },
});
