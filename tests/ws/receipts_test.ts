/** Receipts over the wire: a group of three, one of whom shows none, and a stranger. */

import { assert, assertEquals } from "@std/assert";
import { facts } from "../../lib/chat/facts.ts";
import type { RoomSummary } from "../../lib/chat/rooms.ts";
import { type Client, register, type TestSocket } from "../helpers/client.ts";
import { allowsAll } from "../helpers/permissions.ts";
import { startServer } from "../helpers/server.ts";

/** What a socket was told of other people's pointers, in order. */
function told(socket: TestSocket): string[] {
  return socket.frames.flatMap((frame) =>
    frame.type === "receipts"
      ? frame.people.map(({ by, delivered, read }) => `${by} ${delivered} ${read}`)
      : []
  );
}

async function post(client: Client, room: string, id: string): Promise<number> {
  return (await client.json<{ seq: number }>(`/api/rooms/${room}/posts`, { id, text: id })).seq;
}

Deno.test({
  name: "in a group of three each sees the receipts of who shows them, and a stranger none",
  ignore: !allowsAll,
  async fn() {
    await using server = await startServer();
    const [ada, bob, carol, eve] = await Promise.all(
      ["ada", "bob", "carol", "eve"].map((name) => register(server.origin, name)),
    );
    await carol.fetch("/settings", {
      method: "POST",
      body: new URLSearchParams({ section: "receipts" }),
    }).then((response) => response.body?.cancel());
    const { room: { id } } = await ada.json<{ room: RoomSummary }>("/api/groups", {
      id: "g1",
      name: "Walkers",
      people: [bob.me.id, carol.me.id],
    });
    const sockets = await Promise.all([ada, bob, carol, eve].map((client) => client.connect()));
    const [a, b, c, e] = sockets;
    const seq = await post(ada, id, "m1");
    await a.next("receipts", ({ people }) => people.some(({ delivered }) => delivered === seq));
    for (const socket of [b, c]) socket.send({ type: "read", room: id, seq });
    await a.next("receipts", ({ people }) => people.some(({ read }) => read === seq));

    // A second round: had there been more to tell of the first one, it would have come by now.
    const next = await post(ada, id, "m2");
    for (const socket of [b, c]) socket.send({ type: "read", room: id, seq: next });
    await a.next("receipts", ({ people }) => people.some(({ read }) => read === next));
    assert(told(a).length > 0);
    assertEquals(told(a).filter((line) => !line.startsWith(bob.me.id)), [], "Ada sees Bob's alone");
    assertEquals(told(c), [], "Carol shows none and sees none");
    assertEquals(told(e), []);

    for (const [socket, expected] of [[a, [bob.me.id]], [b, [ada.me.id]], [c, []]] as const) {
      socket.send({ type: "receipts", ref: 5, room: id });
      const { people } = await socket.next("receipts", ({ ref }) => ref === 5);
      assertEquals(people.map(({ by }) => by), [...expected]);
    }
    e.send({ type: "receipts", ref: 5, room: id });
    assertEquals((await e.next("error", ({ ref }) => ref === 5)).code, "not_found");

    // Who was removed gets nothing more, and is in nobody's answer.
    await ada.json(`/api/rooms/${id}/members/${bob.me.id}`, undefined, "DELETE");
    await b.next("left");
    const count = told(b).length;
    a.send({ type: "receipts", ref: 6, room: id });
    assertEquals((await a.next("receipts", ({ ref }) => ref === 6)).people, []);
    b.send({ type: "receipts", ref: 6, room: id });
    assertEquals((await b.next("error", ({ ref }) => ref === 6)).code, "not_found");
    assertEquals(told(b).length, count);
    for (const socket of sockets) {
      for (const frame of socket.frames) facts[frame.type].parse(frame);
      await socket.close();
    }
  },
});
