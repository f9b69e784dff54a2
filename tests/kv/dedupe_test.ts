import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { Appender } from "../../lib/live/appender.ts";
import { getAcks, LANDMARK_EVERY } from "../../lib/store/dedupe.ts";
import type { Ack, Draft } from "../../lib/store/drafts.ts";
import type { RoomHead } from "../../lib/store/events.ts";
import { changeGroup } from "../../lib/store/groups.ts";
import { keys } from "../../lib/store/keys.ts";
import type { GroupRecord } from "../../lib/store/rooms.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { stubKv } from "../helpers/stub_kv.ts";
import { within } from "../helpers/waiting.ts";

function draft(n: number, room = "r1", by = "ada"): Draft {
  return { type: "posted", room, by, id: `id-${String(n).padStart(4, "0")}`, text: `text ${n}` };
}

/** `follows`: it hears what is stored, as where somebody has the room open. */
function newAppender(kv: Deno.Kv, { remote = false, follows = true } = {}): Appender {
  const appender = new Appender(kv, {
    onCommit: (room, events) => follows && appender.saw(room, events),
    remote,
  });
  return appender;
}

/** Appends and waits for the answers, which come within a limit. */
function appendAll(appender: Appender, drafts: readonly Draft[]): Promise<Ack[]> {
  return within(Promise.all(drafts.map((one) => appender.append(one))), "all acks");
}

async function allOf<T>(kv: Deno.Kv, prefix: Deno.KvKey): Promise<Deno.KvEntry<T>[]> {
  return await Array.fromAsync(kv.list<T>({ prefix }));
}

const headKey = (room: string) => keys.head(["room", room]);

/** Something happens to the group that the room is; its event's id is not a client's. */
async function changeRoom(kv: Deno.Kv, room: string): Promise<void> {
  const record: GroupRecord = {
    id: room,
    kind: "group",
    createdAt: 0,
    name: "Crew",
    members: ["ada", "ben"],
    owner: "ada",
    admins: [],
    public: false,
    history: "all",
    since: {},
    removed: [],
    changed: 0,
  };
  const { value } = await kv.get<GroupRecord>(keys.room(room));
  if (!value) await kv.set(keys.room(room), record);
  const name = value?.name === "Crew" ? "Band" : "Crew";
  await changeGroup(kv, room, "ada", { type: "configure", settings: { name } });
}

/** Makes of a room what versions before landmarks wrote: a key for each id. */
async function makeOld(kv: Deno.Kv, room: string, knowsIds: boolean): Promise<void> {
  const { value: head } = await kv.get<RoomHead>(headKey(room));
  if (!head) return;
  for (const { key } of await allOf(kv, ["landmark", room])) await kv.delete(key);
  for (const { key, value } of await allOf<Draft & Ack>(kv, keys.entries(["room", room]))) {
    if (value.type !== "posted") continue;
    await kv.set(keys.sent(room, value.by, value.id), { seq: Number(key[3]), at: value.at });
  }
  const { marks: _, newestId, ...old } = head;
  await kv.set(headKey(room), { ...old, ...knowsIds && { newestId } });
}

Deno.test("ids in whatever order are stored once, by appenders that come and go", async () => {
  const post = fc.record({ n: fc.nat(40), r: fc.nat(1), by: fc.constantFrom("ada", "ben") });
  const turn = fc.record({
    posts: fc.array(post, { maxLength: 40 }),
    /** Clocks that agree give ids that nearly only grow. */
    sorted: fc.boolean(),
    group: fc.nat(3),
    old: fc.option(fc.boolean(), { freq: 5 }),
    /** Goes on with the appender of the turn before, or that of the turn before that. */
    which: fc.constantFrom("new", "last", "other"),
    follows: fc.boolean(),
  });
  const run = fc.array(turn, { minLength: 3, maxLength: 9, size: "max" });
  await fc.assert(
    fc.asyncProperty(run, fc.boolean(), async (turns, remote) => {
      using kv = await freshKv();
      const acks = new Map<string, Ack>();
      let appenders = [newAppender(kv, { remote }), newAppender(kv, { remote })];
      for (const [t, { posts, sorted, group, old, which, follows }] of turns.entries()) {
        if (which === "other") appenders.reverse();
        if (which === "new") appenders = [newAppender(kv, { remote, follows }), appenders[0]];
        const [appender] = appenders;
        // Time goes on, and half of what is posted is of before.
        const drafts = posts.map(({ n, r, by }) => draft(20 * t + n, `r${r}`, by));
        if (sorted) drafts.sort((a, b) => a.id < b.id ? -1 : 1);
        const answers = await appendAll(appender, drafts);
        drafts.forEach(({ room, by, id }, i) => {
          const name = `${room}/${by}/${id}`;
          assertEquals(answers[i], acks.get(name) ?? answers[i]);
          acks.set(name, answers[i]);
        });
        for (let n = 0; n < group; n++) await changeRoom(kv, "r0");
        if (old !== null) await makeOld(kv, "r1", old);
      }
      for (const [name, ack] of acks) {
        const [room, by, id] = name.split("/");
        assertEquals(await getAcks(kv, [{ room, by, id }]), [ack], name);
      }
      const entries = await allOf<Draft>(kv, ["log", "room"]);
      assertEquals(entries.filter(({ value }) => value.type === "posted").length, acks.size);
    }),
    { numRuns: 100 },
  );
});

Deno.test("an id that comes in order, or a little late, costs no key; others have their own", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const all = Array.from({ length: 3 * LANDMARK_EVERY }, (_, n) => draft(10 * n));
  await appendAll(appender, all);
  const late = 10 * (2 * LANDMARK_EVERY - 1) + 5;
  await appendAll(appender, [draft(late), draft(late - LANDMARK_EVERY * 10), draft(9_999)]);
  const names = (await allOf(kv, ["sent"])).map(({ key }) => key[1]);
  assertEquals(names, [draft(late - LANDMARK_EVERY * 10).id]);
  // A room from before heads knew of ids proves nothing.
  await kv.set(headKey("old"), { seq: 0, posts: 0, own: {}, last: null });
  await appendAll(appender, [draft(20, "old"), draft(21, "old")]);
  assertEquals((await allOf(kv, ["sent"])).length, 3);
});

Deno.test("who hears of what is stored reads nothing to store what comes a little late", async () => {
  using kv = await freshKv();
  let reads = 0;
  const counting = stubKv(kv, { read: () => void reads++, list: () => void reads++ });
  const appender = newAppender(counting);
  for (let n = 0; n < 200; n++) await appendAll(appender, [draft(2 * n + 3), draft(2 * n)]);
  assertEquals(reads, 1, "the head");
  await appendAll(appender, [draft(2 * 199), draft(2 * 100)]);
  assert(reads > 1, "what is there is read");
  assertEquals((await allOf(kv, keys.entries(["room", "r1"]))).length, 400);
});

Deno.test("to find an id costs the same in a long room, whatever ids others choose", async () => {
  const COUNT = 20 * LANDMARK_EVERY;
  /** Three landmarks and what is between. */
  const MOST = 2 * LANDMARK_EVERY + 3;
  using kv = await freshKv();
  const appender = newAppender(kv);
  const all = Array.from({ length: COUNT }, (_, n) => draft(2 * n));
  const acks = [...await appendAll(appender, all.slice(0, COUNT / 2))];
  acks.push(...await appendAll(appender, all.slice(COUNT / 2)));
  let read = 0;
  const counting = stubKv(kv, { entry: () => void read++ });
  for (let n = 0; n < COUNT; n += n < 3 * LANDMARK_EVERY ? 1 : 101) {
    read = 0;
    assertEquals(await getAcks(counting, [all[n], draft(2 * n + 1)]), [acks[n], null]);
    assert(read > 0, "the count counts");
    assertLessOrEqual(read, 2 * MOST);
  }
  const findingAll = async (numbers: number[]) => {
    for (const n of numbers) {
      read = 0;
      await getAcks(counting, [draft(n)]);
      assertLessOrEqual(read, MOST);
    }
  };
  for (let n = 0; n < 5 * LANDMARK_EVERY; n++) await changeRoom(kv, "r1");
  await appendAll(newAppender(kv), [draft(2 * COUNT - 4)]);
  await findingAll([2 * COUNT - 3, 2 * COUNT - 1]);
  await makeOld(kv, "r1", true);
  await appendAll(newAppender(kv), [draft(2 * COUNT), draft(-1)]);
  await findingAll([1, COUNT, 2 * COUNT - 3]);
  // Somebody's clock is wrong for ever, or they mean harm: all after them come late.
  await appendAll(newAppender(kv), [{ ...draft(0), id: "z".repeat(64) }]);
  const after = Array.from({ length: COUNT }, (_, n) => draft(2 * COUNT + 1 + n));
  await appendAll(newAppender(kv), after);
  await findingAll([3 * COUNT + 1, 2 * COUNT + 5, COUNT, 2 * COUNT - 3]);
});

Deno.test("many late ids read what they are looked for in once", async () => {
  using kv = await freshKv();
  await appendAll(
    newAppender(kv),
    Array.from({ length: 4 * LANDMARK_EVERY }, (_, n) => draft(2 * n)),
  );
  const late = Array.from(
    { length: LANDMARK_EVERY },
    (_, n) => draft(2 * LANDMARK_EVERY + 2 * n + 1),
  );
  let read = 0;
  const counting = stubKv(kv, { entry: () => void read++ });
  assertEquals(await getAcks(counting, late), late.map(() => null));
  assertLessOrEqual(
    read,
    3 * late.length + 2 * (2 * LANDMARK_EVERY),
    "landmarks, and two stretches",
  );
});

Deno.test("in a room of which it is not known what ids it has, all have keys", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  await appendAll(appender, [draft(7), draft(8)]);
  await makeOld(kv, "r1", false);
  const upgraded = newAppender(kv);
  const drafts = Array.from({ length: 3 * LANDMARK_EVERY }, (_, n) => draft(n));
  const acks = await appendAll(upgraded, drafts);
  assertEquals(acks.map(({ seq }) => seq).slice(7, 9), [1, 2]);
  assertEquals((await allOf(kv, ["sent"])).length, drafts.length);
  let read = 0;
  const counting = stubKv(kv, { entry: () => void read++ });
  assertEquals(await getAcks(counting, [draft(50), draft(500)]), [acks[50], null]);
  assertLessOrEqual(read, 3);
});

Deno.test("an id is told from the same id of another author, also when both are late", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const drafts = [draft(1, "r1", "ada"), draft(1, "r1", "ben"), draft(2), draft(1, "r1", "cyd")];
  const acks = await appendAll(appender, drafts);
  assertEquals(acks.map(({ seq }) => seq), [1, 2, 3, 4]);
  assertEquals(await appendAll(newAppender(kv), drafts), acks);
  assertEquals(await getAcks(kv, [draft(1, "r1", "dan"), draft(1, "r2", "ada")]), [null, null]);
});

Deno.test("a change of a message is found again like a message", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  await appendAll(appender, [draft(1), draft(2)]);
  const edit: Draft = { ...draft(3), type: "edited", message: 1, text: "new" } as Draft;
  const removal: Draft = { ...draft(4), type: "deleted", message: 1 } as Draft;
  const acks = await appendAll(appender, [edit]);
  acks.push(...await appendAll(appender, [removal]));
  assertEquals(await appendAll(newAppender(kv), [edit, removal, draft(1)]), [
    ...acks,
    { seq: 1, at: (await getAcks(kv, [draft(1)]))[0]!.at },
  ]);
  assertEquals((await allOf(kv, ["sent"])).length, 0);
});
