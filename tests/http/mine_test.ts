/** What a room is to one member over HTTP: receipts, flags, drafts, for its members alone. */

import { assertEquals } from "@std/assert";
import type { Receipt, RoomDraft, RoomSummary } from "../../lib/chat/rooms.ts";
import type { Client } from "../helpers/client.ts";
import { allowsAll } from "../helpers/permissions.ts";
import { startTown } from "../helpers/town.ts";

Deno.test({
  name: "members read receipts, set flags and save drafts by the API; strangers find no room",
  ignore: !allowsAll,
  async fn() {
    await using town = await startTown({ ada: "ada", bob: "bob", eve: "eve" });
    const { ada, bob, eve } = town;
    const { id } = await ada.room(bob.me);
    const path = (what: string, room = id) => `/api/rooms/${room}/${what}`;
    const seen = async (client: Client) =>
      (await client.json<{ rooms: RoomSummary[] }>("/api/rooms")).rooms[0];

    await ada.json(path("posts"), { id: "m1", text: "hi" });
    await bob.json(path("read"), { seq: 1 });
    const { people } = await ada.json<{ people: Receipt[] }>(path("receipts"));
    assertEquals(people, [{ by: bob.me.id, delivered: 1, read: 1 }]);

    assertEquals(await ada.json(path("flags"), { muted: true }), { muted: true, marked: false });
    const draft = await ada.json<RoomDraft>(path("draft"), { text: "and", reply: 1 });
    const mine = await seen(ada);
    assertEquals([mine.muted, mine.draft], [true, draft]);
    const theirs = await seen(bob);
    assertEquals([theirs.muted, theirs.draft], [undefined, undefined]);

    const tries: [string, unknown?][] = [
      ["receipts"],
      ["flags", { muted: true }],
      ["draft", { text: "x" }],
    ];
    for (const [what, body] of tries) {
      const answers = [id, "absent"].map(async (room) => {
        const response = await eve.fetch(path(what, room), {
          ...body !== undefined && {
            method: "POST",
            body: JSON.stringify(body),
            headers: { "content-type": "application/json" },
          },
        });
        return [response.status, await response.text()];
      });
      const [here, absent] = await Promise.all(answers);
      assertEquals(here[0], 404, what);
      assertEquals(here, absent, what);
    }
    for (const body of [{ muted: "yes" }, { muted: true, user: bob.me.id }]) {
      const response = await ada.fetch(path("flags"), {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      });
      await response.body?.cancel();
      assertEquals(response.status, 400);
    }
    // The forms of the room's menu.
    const form = async (client: Client, room: string, headers = {}) => {
      const body = new URLSearchParams({ muted: "off" });
      const response = await client.fetch(`/chat/${room}/flags`, { method: "POST", body, headers });
      await response.body?.cancel();
      return response.status;
    };
    assertEquals([await form(eve, id), await form(eve, "absent")], [404, 404]);
    assertEquals(await form(ada, id, { origin: "https://evil.example" }), 403);
    assertEquals((await seen(ada)).muted, true);
    assertEquals([await form(ada, id), (await seen(ada)).muted], [303, undefined]);

    await ada.json(path("draft"), { text: "" });
    assertEquals((await seen(ada)).draft, undefined);
  },
});

Deno.test({
  name: "a group's message has a page that names who has read it, without who does not show that",
  ignore: !allowsAll,
  async fn() {
    await using town = await startTown({ ada: "ada", bob: "bob", carol: "carol" });
    const { ada, bob, carol } = town;
    const { room } = await ada.json<{ room: RoomSummary }>("/api/groups", {
      id: "g1",
      name: "Walkers",
      people: [bob.me.id, carol.me.id],
    });
    const { seq } = await ada.json<{ seq: number }>(`/api/rooms/${room.id}/posts`, {
      id: "m1",
      text: "where?",
    });
    await carol.fetch("/settings", {
      method: "POST",
      body: new URLSearchParams({ section: "receipts" }),
    }).then((response) => response.body?.cancel());
    for (const client of [bob, carol]) await client.json(`/api/rooms/${room.id}/read`, { seq });
    const readBy = async (client: Client) => {
      const html = await (await client.fetch(`/chat/${room.id}/${seq}`)).text();
      return /Read by.*?<\/ul>/s.exec(html)?.[0].match(/<bdi>[^<]*/g) ?? [];
    };
    assertEquals(await readBy(ada), ["<bdi>bob"]);
    assertEquals(await readBy(carol), [], "who shows none sees none");
  },
});
