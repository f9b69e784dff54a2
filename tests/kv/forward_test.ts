import { assert, assertEquals } from "@std/assert";
import type { PostedEvent } from "../../lib/chat/events.ts";
import { listEvents } from "../../lib/store/events.ts";
import { openFile } from "../../lib/store/file_access.ts";
import { keys } from "../../lib/store/keys.ts";
import { getOrCreateDirect, type RoomRecord } from "../../lib/store/rooms.ts";
import { post, setUp } from "../helpers/conversation.ts";
import { TestInstance } from "../helpers/instance.ts";
import {
  appenderOf,
  assertBytes,
  auditFiles,
  collect,
  filesIn,
  pngOf,
  postFiles,
  upload,
} from "../helpers/files.ts";

const forward = (room: string, id: string, from: { room: string; message: number }) => ({
  type: "forward",
  room,
  id,
  from,
});

async function messageAt(kv: Deno.Kv, room: string, seq: number): Promise<PostedEvent> {
  const { events: [event] } = await listEvents(kv, room, { after: seq - 1, limit: 1 });
  assert(event?.type === "posted");
  return event;
}

/** Ada talks with Ben and, in a room of their own, with Eve. */
async function withTwoRooms() {
  const t = await setUp();
  const other: RoomRecord = await getOrCreateDirect(t.kv, t.ada.id, t.eve.id);
  const [ada, ben, eve] = [
    await t.instance.connect(t.ada),
    await t.instance.connect(t.ben),
    await t.instance.connect(t.eve),
  ];
  return { ...t, other, sockets: { ada, ben, eve } };
}

Deno.test("a forwarded message says what it said, with its author and time, and mentions nobody", async () => {
  const t = await withTwoRooms();
  await using _ = t;
  const { ada, ben, eve } = t.sockets;
  ben.say(post(t.room.id, "m1", "**hi** @ada"));
  const { at } = await ben.take("ack");
  ada.say(forward(t.other.id, "f1", { room: t.room.id, message: 1 }));
  assertEquals((await ada.take("ack")).seq, 1);
  const [heard] = (await eve.take("events")).events as PostedEvent[];
  assertEquals([heard.text, heard.by, heard.mentions], ["**hi** @ada", t.ada.id, undefined]);
  assertEquals(heard.forwarded, { by: t.ben.id, at });

  ada.say({ type: "edit", room: t.other.id, id: "e1", message: 1, text: "other words" });
  assertEquals((await ada.take("error")).code, "invalid");

  // What is forwarded on keeps its first author.
  eve.say({ type: "open", ref: 1, with: t.ben.id });
  const { room: third } = await eve.take("opened");
  eve.say(forward(third.id, "f2", { room: t.other.id, message: 1 }));
  await eve.take("ack", ({ id }) => id === "f2");
  assertEquals((await messageAt(t.kv, third.id, 1)).forwarded, { by: t.ben.id, at });
});

Deno.test("a forward is stored once under its id, also when its message is gone since", async () => {
  const t = await withTwoRooms();
  await using _ = t;
  const { ada } = t.sockets;
  ada.say(post(t.room.id, "m1", "once"));
  await ada.take("ack");
  const command = forward(t.other.id, "f1", { room: t.room.id, message: 1 });
  ada.say(command);
  const first = await ada.take("ack", ({ id }) => id === "f1");
  ada.say({ type: "delete", room: t.room.id, id: "d1", message: 1 });
  await ada.take("ack", ({ id }) => id === "d1");
  ada.say([command, forward(t.other.id, "f2", { room: t.room.id, message: 1 })]);
  assertEquals(await ada.take("ack", ({ id }) => id === "f1"), first);
  assertEquals((await ada.take("error")).code, "invalid");
  assertEquals((await listEvents(t.kv, t.other.id, {})).events.length, 1);
});

Deno.test("one forwards only what one may read, and only to where one may write", async () => {
  const t = await withTwoRooms();
  await using _ = t;
  const { ada, ben, eve } = t.sockets;
  ada.say([post(t.room.id, "m1", "secret"), {
    type: "react",
    room: t.room.id,
    id: "r",
    message: 1,
    emoji: "👍",
    on: true,
  }]);
  await ada.take("ack", ({ id }) => id === "r");
  const refused = async (socket: typeof ada, command: ReturnType<typeof forward>) => {
    socket.say(command);
    const { code, message } = await socket.take("error", ({ id }) => id === command.id);
    return [code, message];
  };
  const own = { room: t.other.id, message: 1 };
  // Eve is in the target and not in the source, Ben the other way round.
  assertEquals(
    await refused(eve, forward(t.other.id, "f1", { room: t.room.id, message: 1 })),
    await refused(eve, forward(t.other.id, "f2", { room: "nothing", message: 1 })),
  );
  assertEquals(
    await refused(ben, forward(t.other.id, "f3", { room: t.room.id, message: 1 })),
    await refused(ben, forward("nothing", "f4", { room: t.room.id, message: 1 })),
  );
  for (const message of [0, 2, 99]) { // nothing, a reaction, nothing
    const [code] = await refused(
      ada,
      forward(t.other.id, `n${message}`, { room: t.room.id, message }),
    );
    assertEquals(code, "not_found");
  }
  assertEquals((await refused(ada, forward(t.room.id, "f5", own)))[0], "not_found");
  assertEquals((await listEvents(t.kv, t.other.id, {})).events, []);
  ada.say(forward(t.other.id, "f6", { room: t.room.id, message: 1 }));
  await ada.take("ack", ({ id }) => id === "f6"); // the premise: it can be forwarded
});

Deno.test("what was said before one came to a group cannot be forwarded", async () => {
  const t = await withTwoRooms();
  await using _ = t;
  const { ada } = t.sockets;
  ada.say([post(t.room.id, "m1", "before"), post(t.room.id, "m2", "after")]);
  await ada.take("ack", ({ id }) => id === "m2");
  const record = {
    ...t.room,
    kind: "group",
    members: [t.ben.id, t.ada.id],
    since: { [t.ada.id]: 2 },
  };
  const parts = { name: "G", owner: t.ben.id, admins: [], public: false, removed: [], changed: 0 };
  await t.kv.set(keys.room(t.room.id), { ...record, ...parts, history: "joined" });
  await using fresh = await TestInstance.start(t.kv);
  const again = await fresh.connect(t.ada);
  again.say([
    forward(t.other.id, "f1", { room: t.room.id, message: 1 }),
    forward(t.other.id, "f2", { room: t.room.id, message: 2 }),
  ]);
  assertEquals((await again.take("error")).code, "not_found");
  await again.take("ack", ({ id }) => id === "f2");
});

Deno.test("files go along as the forwarder's own, and stay when the first message is deleted", async () => {
  const t = await withTwoRooms();
  await using _ = t;
  const { ada, ben } = t.sockets;
  const files = filesIn(t.kv);
  const bytes = pngOf(2_000);
  const id = await upload(files, t.ben.id, bytes);
  await postFiles(appenderOf(t.kv), { room: t.room.id, by: t.ben.id, files: [id] });
  ada.say(forward(t.other.id, "f1", { room: t.room.id, message: 1 }));
  await ada.take("ack", ({ id }) => id === "f1");
  const { files: [copy] = [] } = await messageAt(t.kv, t.other.id, 1);
  assert(copy && copy.id !== id);
  ben.say({ type: "delete", room: t.room.id, id: "d1", message: 1 });
  await ben.take("ack", ({ id }) => id === "d1");
  const file = await openFile(files, t.other, { user: t.eve.id, id: copy.id });
  assertBytes(await collect(file.read({ start: 0, end: bytes.length })), bytes);
  assertEquals(await auditFiles(t.kv), []);
});
