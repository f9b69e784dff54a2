/** The demo's data: what the people who try Parley see first. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { cpuUsage } from "node:process";
import { kindOf } from "../../lib/chat/files.ts";
import { MAX_NAME_CHARS, MAX_TEXT_CHARS } from "../../lib/chat/limits.ts";
import { countChars, normalizeName, normalizeText } from "../../lib/chat/text.ts";
import type { FileRef } from "../../lib/chat/file_refs.ts";
import { DEMO_CONVERSATIONS, readConversation } from "../../lib/demo/conversations.ts";
import { DEMO_GROUPS } from "../../lib/demo/groups.ts";
import { DEMO_PASSWORD, DEMO_PEOPLE, DEMO_VIEWER } from "../../lib/demo/people.ts";
import { seedDemo } from "../../lib/demo/seed.ts";
import { parseTranscript } from "../../lib/demo/transcript.ts";
import { authenticate, getUserByName } from "../../lib/store/accounts.ts";
import { listEvents } from "../../lib/store/events.ts";
import { listPeople } from "../../lib/store/people.ts";
import { listPublicRooms } from "../../lib/store/public_rooms.ts";
import { getReceipts } from "../../lib/store/receipts.ts";
import { listSummaries } from "../../lib/store/summaries.ts";
import { auditFiles } from "../helpers/files.ts";
import { allowsAll } from "../helpers/permissions.ts";

const ignore = !allowsAll;
const NOW = Date.UTC(2031, 4, 9, 0, 5);

/** A seeded database. */
async function seeded() {
  const folder = await Deno.makeTempDir();
  const before = cpuUsage();
  const advice = await seedDemo(`${folder}/demo.kv`, NOW);
  const { user, system } = cpuUsage(before);
  const kv = await Deno.openKv(`${folder}/demo.kv`);
  return {
    kv,
    advice,
    /** Milliseconds of work: the clock would count what others do, too. */
    took: (user + system) / 1_000,
    async [Symbol.asyncDispose]() {
      kv.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test({
  name: "seedDemo() makes people, rooms and unread messages that the viewer finds at once",
  ignore,
  fn: async () => {
    await using demo = await seeded();
    const { kv } = demo;
    // Below 3 s on a machine of today.
    assert(demo.took < 10_000, `it took ${demo.took} ms`);
    assert(demo.advice.includes(DEMO_VIEWER) && demo.advice.includes(DEMO_PASSWORD));
    const viewer = await authenticate(kv, DEMO_VIEWER, DEMO_PASSWORD);
    assert(viewer);
    const { people } = await listPeople(kv, { limit: 100 });
    assertEquals(people.length, DEMO_PEOPLE.length);
    const { rooms } = await listSummaries(kv, viewer.id);
    const groups = DEMO_GROUPS.filter(({ unread }) => unread !== null);
    assertEquals(rooms.length, DEMO_CONVERSATIONS.length + groups.length);
    for (const conversation of DEMO_CONVERSATIONS) {
      const other = await getUserByName(kv, conversation.with);
      const room = rooms.find(({ kind, members }) =>
        kind === "direct" && members.some(({ id }) => id === other?.id)
      );
      assertEquals(room?.unread, conversation.unread, conversation.file);
      const { flags = {}, draft, delivered = 0 } = conversation;
      assertEquals([room?.muted, room?.marked], [flags.muted, flags.marked], conversation.file);
      assertEquals(room?.draft?.text, draft);
      const members = [viewer.id, other!.id];
      const [receipt] = await getReceipts(kv, viewer.id, { id: room!.id, members });
      assertEquals(receipt.delivered - receipt.read, delivered);
    }
    assert(rooms.some(({ head }) => head > 200));
  },
});

Deno.test({
  name: "seedDemo() spreads the main room over weeks, in order and never in the future",
  ignore,
  fn: async () => {
    await using demo = await seeded();
    const viewer = await getUserByName(demo.kv, DEMO_VIEWER);
    const { rooms } = await listSummaries(demo.kv, viewer!.id);
    const [main] = rooms.toSorted((a, b) => b.head - a.head);
    const { events } = await listEvents(demo.kv, main.id, { after: 0, limit: 200 });
    const times = events.map(({ at }) => at);
    assertEquals(times, times.toSorted((a, b) => a - b));
    assert(NOW - times[0] > 21 * 24 * 3_600_000);
    assert(main.last && main.last.at < NOW && NOW - main.last.at < 3_600_000);
  },
});

Deno.test({
  name: "seedDemo() shows pictures, a voice note and a text, with what a browser needs of them",
  ignore,
  fn: async () => {
    await using demo = await seeded();
    const viewer = await getUserByName(demo.kv, DEMO_VIEWER);
    const { rooms } = await listSummaries(demo.kv, viewer!.id);
    const found = new Map<string, FileRef>();
    for (const { id } of rooms) {
      for (const event of (await listEvents(demo.kv, id, { limit: 200 })).events) {
        if (event.type !== "posted") continue;
        for (const file of event.files ?? []) found.set(kindOf(file), file);
      }
    }
    assertEquals([...found.keys()].sort(), ["image", "other", "voice"]);
    const faces = rooms.flatMap(({ group }) => group ? [group.image ? "image" : "other"] : []);
    assertEquals(faces.sort(), ["image", "other"]);
    assert(found.get("image")!.width! > 0 && found.get("voice")!.waveform!.length > 20);
    assertEquals(await auditFiles(demo.kv), []);
  },
});

Deno.test({
  name: "seedDemo() answers and reacts, in groups and between two",
  ignore,
  fn: async () => {
    await using demo = await seeded();
    const viewer = await getUserByName(demo.kv, DEMO_VIEWER);
    const { rooms } = await listSummaries(demo.kv, viewer!.id);
    const kinds = new Set<string>();
    for (const { id, kind, head } of rooms) {
      const after = Math.max(0, head - 200);
      for (const event of (await listEvents(demo.kv, id, { after, limit: 200 })).events) {
        if (event.type === "reacted") kinds.add(`${kind} reacted`);
        if (event.type === "posted" && event.reply) kinds.add(`${kind} answered`);
      }
    }
    assertEquals([...kinds].sort(), [
      "direct answered",
      "direct reacted",
      "group answered",
      "group reacted",
    ]);
  },
});

Deno.test({
  name: "seedDemo() makes groups that were named, joined and led, and one to be found",
  ignore,
  fn: async () => {
    await using demo = await seeded();
    const { kv } = demo;
    const viewer = await getUserByName(kv, DEMO_VIEWER);
    const { rooms } = await listSummaries(kv, viewer!.id);
    const groups = rooms.filter(({ kind }) => kind === "group");
    assertEquals(groups.map(({ group, unread }) => [group?.name, group?.memberCount, unread]), [
      ["Everyone on the quay", DEMO_PEOPLE.length, 3],
      ["Harbour signs", 6, 2],
    ]);
    for (const { id, last } of groups) {
      const { events } = await listEvents(kv, id, { after: 0, limit: 200 });
      assertEquals(events[0].type === "members" && events[0].what, "created");
      const times = events.map(({ at }) => at);
      assertEquals(times, times.toSorted((a, b) => a - b));
      assert(last && last.at < NOW);
    }
    const { rooms: found } = await listPublicRooms(kv, viewer!.id, {});
    assertEquals(found.map(({ name, member }) => [name, member]), [
      ["Everyone on the quay", true],
      ["Sourdough & patience", false],
    ]);
  },
});

Deno.test("every demo name is stored as it is written", () => {
  for (const { name } of DEMO_PEOPLE) {
    assertEquals(normalizeName(name), name);
    assert(countChars(name) <= MAX_NAME_CHARS);
  }
  assert(DEMO_PEOPLE.some(({ name }) => countChars(name) >= 60));
  assert(DEMO_PEOPLE.some(({ name }) => countChars(name) === 1));
  assert(DEMO_PEOPLE.some(({ name }) => /\p{L}{40}/u.test(name)));
});

Deno.test({
  name: "every demo message can be posted, by a member, in order, and is not repeated in its room",
  ignore,
  fn: async () => {
    const direct = DEMO_CONVERSATIONS.map(({ with: other, ...rest }) => ({
      ...rest,
      members: [DEMO_VIEWER, other],
    }));
    const groups = DEMO_GROUPS.map(({ file, people, unread, changes = [] }) => ({
      file,
      unread: unread ?? 0,
      members: [...people, ...changes.flatMap(({ what }) => "add" in what ? [what.add] : [])],
    }));
    for (const conversation of [...direct, ...groups]) {
      const lines = await readConversation(conversation, NOW);
      for (const [n, { answers = 0, reactions = [] }] of lines.entries()) {
        assert(
          answers >= 0 && answers <= n,
          `${conversation.file}: ${n} answers nothing before it`,
        );
        const people = reactions.flatMap(({ by }) => by);
        assert(people.every((name) => conversation.members.includes(name)), conversation.file);
      }
      const seen = new Set(lines.map(({ text }) => text));
      assertEquals(seen.size, lines.length, conversation.file);
      for (const { by, text, files } of lines) {
        assert(text !== "" || files, "a message says something");
        assert(conversation.members.includes(by), `${conversation.file}: ${by}`);
        assertEquals(normalizeText(text), text);
        assert(countChars(text) <= MAX_TEXT_CHARS);
      }
      const times = lines.map(({ at }) => at);
      assertEquals(times, times.toSorted((a, b) => a - b), conversation.file);
      const unread = lines.slice(lines.length - conversation.unread);
      assert(unread.every(({ by }) => by !== DEMO_VIEWER), conversation.file);
    }
  },
});

Deno.test("parseTranscript() joins indented lines and refuses what it does not know", () => {
  const [first, second] = parseTranscript("# 2h\na: one\n  two\n\n# 10m\nb: three\n", NOW);
  assertEquals(first, { by: "a", text: "one\ntwo", at: NOW - 2 * 3_600_000 });
  assertEquals(second, { by: "b", text: "three", at: NOW - 600_000 });
  assertEquals(
    parseTranscript("a: one {x} two {a.png} {b.png}\na: {c.wav}", NOW).map(
      ({ text, files }) => [text, files],
    ),
    [["one {x} two", ["a.png", "b.png"]], ["", ["c.wav"]]],
  );
  assertEquals(
    parseTranscript("a: one\n+ 👍 b c\n+ 🎉 b\nb: two\nc ^2: three", NOW).map(
      ({ text, answers, reactions }) => [text, answers, reactions],
    ),
    [
      ["one", undefined, [{ emoji: "👍", by: ["b", "c"] }, { emoji: "🎉", by: ["b"] }]],
      ["two", undefined, undefined],
      ["three", 0, undefined],
    ],
  );
  assertThrows(() => parseTranscript("# soon\na: one", NOW), Error, "soon");
  assertThrows(() => parseTranscript("what is this", NOW), Error, "what is this");
});
