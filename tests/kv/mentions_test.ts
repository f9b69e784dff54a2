import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { InvalidError } from "../../lib/chat/errors.ts";
import { MAX_MENTIONS, MAX_UNREAD_MENTIONS } from "../../lib/chat/limits.ts";
import type { EditedEvent, PostedEvent } from "../../lib/chat/events.ts";
import { Appender } from "../../lib/live/appender.ts";
import { costOf, type Draft } from "../../lib/store/drafts.ts";
import { getHeads, listEvents } from "../../lib/store/events.ts";
import { keys } from "../../lib/store/keys.ts";
import { listMentions } from "../../lib/store/mention_list.ts";
import { listUnreadMentions, MAX_WALKED } from "../../lib/store/mentions.ts";
import { moveRead } from "../../lib/store/reads.ts";
import type { GroupRecord } from "../../lib/store/rooms.ts";
import { getSummary } from "../../lib/store/summaries.ts";
import { post as say, setUp } from "../helpers/conversation.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { createPerson } from "../helpers/people.ts";
import { stubKv } from "../helpers/stub_kv.ts";

const ROOM = "r1000000000";
let made = 0;
let now = 0;
const base = () => ({ room: ROOM, by: "ada", id: `id-${++made}` });
const post = (mentions?: string[], parts: object = {}): Draft => ({
  ...base(),
  type: "posted",
  text: "text",
  ...mentions && { mentions },
  ...parts,
});
const edit = (message: number, mentions?: string[], parts: object = {}): Draft => ({
  ...base(),
  type: "edited",
  message,
  text: "other",
  ...mentions && { mentions },
  ...parts,
});
const remove = (message: number): Draft => ({ ...base(), type: "deleted", message });
const newAppender = (kv: Deno.Kv) => new Appender(kv, { onCommit: () => {}, now: () => ++now });

/** A group of these people, as its record is. */
function group(members: string[], parts: Partial<GroupRecord> = {}): GroupRecord {
  return {
    id: ROOM,
    kind: "group",
    createdAt: 0,
    name: "Group",
    members,
    owner: members[0],
    admins: [],
    public: false,
    history: "all",
    since: {},
    removed: [],
    changed: 0,
    ...parts,
  };
}

async function enter(kv: Deno.Kv, record: GroupRecord): Promise<void> {
  await kv.set(keys.room(record.id), record);
  for (const id of record.members) await kv.set(keys.userRoom(id, record.id), { joinedAt: 0 });
}

async function unread(kv: Deno.Kv, userId: string, read = 0): Promise<number[]> {
  const [{ head }] = await getHeads(kv, [ROOM]);
  return await listUnreadMentions(kv, userId, { id: ROOM, head, read });
}

async function listed(kv: Deno.Kv, userId: string): Promise<number[]> {
  return (await listMentions(kv, userId)).mentions.map(({ message }) => message.seq);
}

/** Keys about mentions that are left. */
async function mentionKeys(kv: Deno.Kv): Promise<number> {
  const all = await Array.fromAsync(kv.list({ prefix: [] }));
  return all.filter(({ key }) => String(key[0]).startsWith("mention")).length;
}

Deno.test("those whom a message mentions find it, its author does not", async () => {
  using kv = await freshKv();
  await enter(kv, group(["ada", "ben", "eve"]));
  const appender = newAppender(kv);
  await appender.append(post());
  await appender.append(post(["ben", "ada"]));
  await appender.append(post(["ben", "eve"]));
  assertEquals([await unread(kv, "ben"), await unread(kv, "eve"), await unread(kv, "ada")], [
    [2, 3],
    [3],
    [],
  ]);
  assertEquals([await listed(kv, "ben"), await listed(kv, "ada")], [[3, 2], []]);
  assertEquals(await unread(kv, "ben", 2), [3]);
  const { events } = await listEvents(kv, ROOM, {});
  assertEquals((events[1] as PostedEvent).mentions, ["ben", "ada"]);
});

Deno.test("an edit mentions anew: the new are told, the others no longer", async () => {
  using kv = await freshKv();
  await enter(kv, group(["ada", "ben", "eve"]));
  const appender = newAppender(kv);
  await appender.append(post(["ben"]));
  await appender.append(edit(1, ["eve"]));
  assertEquals([await unread(kv, "ben"), await unread(kv, "eve")], [[], [1]]);
  assertEquals([await listed(kv, "ben"), await listed(kv, "eve")], [[], [1]]);
  const { events } = await listEvents(kv, ROOM, {});
  assertEquals((events[0] as PostedEvent).mentions, ["eve"]);
  assertEquals((events[1] as EditedEvent).mentions, ["eve"]);
  await appender.append(edit(1));
  assertEquals([await unread(kv, "eve"), await mentionKeys(kv)], [[], 0]);
});

Deno.test("with a deletion all that told of it is gone, in one commit as well", async () => {
  using kv = await freshKv();
  await enter(kv, group(["ada", "ben", "eve"]));
  const appender = newAppender(kv);
  const drafts = [post(["ben"], { all: true }), edit(1, ["eve"], { all: true }), remove(1)];
  await appender.append(drafts[0]);
  assert(await mentionKeys(kv) > 0, "the premise");
  await Promise.all(drafts.slice(1).map((draft) => appender.append(draft)));
  assertEquals([await mentionKeys(kv), await unread(kv, "ben")], [0, []]);
  const { events } = await listEvents(kv, ROOM, {});
  assertEquals(events.map(({ type }) => type), ["posted", "edited", "deleted"]);
  for (const event of events) assert(!("mentions" in event) && !("all" in event), event.type);
});

Deno.test("a message to all counts for everybody but its author, and once for who is named too", async () => {
  using kv = await freshKv();
  await enter(kv, group(["ada", "ben", "eve"]));
  const appender = newAppender(kv);
  await appender.append(post(["ben"], { all: true }));
  await appender.append(post());
  await appender.append(post(["eve"]));
  assertEquals([await unread(kv, "ben"), await unread(kv, "eve"), await unread(kv, "ada")], [
    [1],
    [1, 3],
    [],
  ]);
  assertEquals([await listed(kv, "eve"), await listed(kv, "ben"), await listed(kv, "ada")], [
    [3, 1],
    [1],
    [],
  ]);
  await appender.append(edit(1, ["ben"]));
  assertEquals([await unread(kv, "ben"), await unread(kv, "eve")], [[1], [3]]);
});

Deno.test("who left a room, or came later, reads nothing in the list that is not theirs", async () => {
  using kv = await freshKv();
  await enter(kv, group(["ada", "ben", "eve"]));
  const appender = newAppender(kv);
  await appender.append(post(["ben", "eve"]));
  await appender.append(post(["ben"], { all: true }));
  assertEquals(await listed(kv, "ben"), [2, 1], "the premise");
  await kv.set(keys.room(ROOM), group(["ada", "ben"], { since: { ben: 2 } }));
  assertEquals([await listed(kv, "ben"), await listed(kv, "eve")], [[2], []]);
  await kv.set(keys.userRoom("ben", ROOM), { joinedAt: now + 1 });
  await kv.set(keys.room(ROOM), group(["ada", "ben"], { since: { ben: 3 } }));
  assertEquals(await listed(kv, "ben"), []);
});

Deno.test("pages of the list miss nothing and repeat nothing, by name and to all together", async () => {
  using kv = await freshKv();
  await enter(kv, group(["ada", "ben"]));
  const appender = newAppender(kv);
  const expected: number[] = [];
  for (let seq = 1; seq <= 24; seq++) {
    const mentions = seq % 3 === 0 ? ["ben"] : undefined;
    const all = seq % 4 === 0;
    await appender.append(post(mentions, all ? { all } : {}));
    if (mentions || all) expected.unshift(seq);
  }
  const seen: number[] = [];
  let after: string | undefined;
  do {
    const page = await listMentions(kv, "ben", { limit: 5, after });
    seen.push(...page.mentions.map(({ message }) => message.seq));
    after = page.next ?? undefined;
  } while (after !== undefined);
  assertEquals(seen, expected);
  await assertRejects(() => listMentions(kv, "ben", { after: "WyJ4Il0" }), InvalidError);
});

Deno.test("of very many unread mentions the newest are told, and a read makes place", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const count = MAX_UNREAD_MENTIONS + 10;
  await Promise.all(Array.from({ length: count }, () => appender.append(post(["ben"]))));
  const all = await unread(kv, "ben");
  assertEquals([all.length, all[0], all.at(-1)], [MAX_UNREAD_MENTIONS, 11, count]);
  assertEquals((await unread(kv, "ben", count - 1)).length, 1);
});

Deno.test("messages with the most mentions stay within what KV takes, many in a commit", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const people = (from: number) =>
    Array.from({ length: MAX_MENTIONS }, (_, n) => `person-${from + n}`);
  const seqs = Array.from({ length: 40 }, (_, n) => n + 1);
  await Promise.all(seqs.map(() => appender.append(post(people(0), { all: true }))));
  await Promise.all(seqs.map((seq) => appender.append(edit(seq, people(100)))));
  assertEquals((await unread(kv, "person-100")).length, 40);
  await Promise.all(seqs.map((seq) => appender.append(remove(seq))));
  assertEquals(await mentionKeys(kv), 0);
  assertEquals(costOf(post()), { posts: 1, bytes: 12, checks: 0 });
});

/** A message to everyone in a room's log, as if it had been posted then. */
async function putAll(
  kv: Deno.Kv,
  room: string,
  seq: number,
  { by, at }: { by: string; at: number },
) {
  const message = {
    type: "posted",
    at,
    by,
    id: `${room}-${seq}`,
    posts: seq,
    text: "@all",
    all: true,
  };
  await kv.atomic()
    .set(keys.mentionOfAll(room, seq), { by, at })
    .set(keys.entry(["room", room], seq), message)
    .commit();
}

/** All pages of the list, and how many keys a page read at most. */
async function pagesOf(kv: Deno.Kv, options: { limit: number; walk?: number }) {
  const seen: string[] = [];
  let [pages, most, read] = [0, 0, 0];
  const counted = stubKv(kv, { entry: () => void read++ });
  let after: string | undefined;
  do {
    const page = await listMentions(counted, "ben", { ...options, after });
    seen.push(...page.mentions.map(({ room, message }) => `${room} ${message.seq}`));
    [most, read, pages] = [Math.max(most, read), 0, pages + 1];
    after = page.next ?? undefined;
  } while (after !== undefined);
  return { seen, most, pages };
}

Deno.test("a page of a long list reads no more at its end than at its beginning", async () => {
  using kv = await freshKv();
  await enter(kv, group(["ada", "ben"]));
  const appender = newAppender(kv);
  const other = { ...group(["ada", "ben"]), id: "r2000000000" };
  await enter(kv, other);
  const count = 3_000;
  for (const room of [ROOM, other.id]) {
    await Promise.all(
      Array.from({ length: count }, () => appender.append(post(undefined, { room, all: true }))),
    );
  }
  const { seen, most, pages } = await pagesOf(kv, { limit: 50 });
  assertEquals([seen.length, new Set(seen).size, pages], [2 * count, 2 * count, 120]);
  assert(most < 250, `a page read ${most} keys`);
});

Deno.test("behind very many of one's own messages to everyone others' are found, in bounded pages", async () => {
  using kv = await freshKv();
  await enter(kv, group(["ada", "ben"]));
  const appender = newAppender(kv);
  await appender.append(post(undefined, { all: true }));
  const own = Array.from(
    { length: MAX_WALKED * 2 + 10 },
    () => post(undefined, { by: "ben", all: true }),
  );
  await Promise.all(own.map((draft) => appender.append(draft)));
  assertEquals((await listMentions(kv, "ben")).mentions, [], "the premise");
  const { seen, most, pages } = await pagesOf(kv, { limit: 10 });
  assertEquals([seen, pages], [[`${ROOM} 1`], 3]);
  assert(most <= MAX_WALKED + 30, `a page read ${most} keys`);
});

Deno.test("own messages to everyone hide no unread ones of others", async () => {
  using kv = await freshKv();
  await enter(kv, group(["ada", "ben"]));
  const appender = newAppender(kv);
  await appender.append(post(undefined, { all: true }));
  const own = Array.from(
    { length: MAX_UNREAD_MENTIONS },
    () => post(undefined, { by: "ben", all: true }),
  );
  await Promise.all(own.map((draft) => appender.append(draft)));
  assertEquals(await unread(kv, "ben"), [1]);
});

const placed = fc.record({
  room: fc.constantFrom("r1", "r2", "r3"),
  later: fc.nat(2),
  by: fc.constantFrom("ada", "ada", "ben"),
});

Deno.test("pages equal the whole list whatever rooms, times and authors, and however little is walked", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(placed, { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      async (posts, limit, walk) => {
        using kv = await freshKv();
        for (const id of ["r1", "r2", "r3"]) await enter(kv, { ...group(["ada", "ben"]), id });
        const last: Record<string, number> = { r1: 0, r2: 0, r3: 0 };
        const expected: { room: string; seq: number; at: number }[] = [];
        let at = 1;
        for (const { room, later, by } of posts) {
          const seq = last[room] += 1 + later; // and something else in between
          await putAll(kv, room, seq, { by, at: at += later });
          if (by !== "ben") expected.push({ room, seq, at });
        }
        for (const [room, lastAll] of Object.entries(last)) {
          const head = { seq: lastAll, posts: lastAll, own: {}, last: null, newestId: "" };
          await kv.set(keys.head(["room", room]), { ...head, ...lastAll > 0 && { lastAll } });
        }
        expected.sort((a, b) =>
          b.at - a.at || (a.room < b.room ? 1 : a.room > b.room ? -1 : b.seq - a.seq)
        );
        const { seen } = await pagesOf(kv, { limit, walk });
        assertEquals(seen, expected.map(({ room, seq }) => `${room} ${seq}`));
      },
    ),
    { numRuns: 100 },
  );
});

type Step = {
  what: "post" | "edit" | "delete" | "read";
  by: string;
  n: number;
  who: string[];
  all: boolean;
};
const NAMES = ["ada", "ben", "eve"];
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom("post", "post", "edit", "delete", "read"),
  by: fc.constantFrom(...NAMES),
  n: fc.nat(30),
  who: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 3 }),
  all: fc.boolean(),
});

Deno.test("unread mentions and the list equal a naive count after any posts, edits, deletions and reads", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      using kv = await freshKv();
      await enter(kv, group(NAMES));
      const appender = newAppender(kv);
      const naive = new Map<number, { by: string; who: string[]; all: boolean }>();
      const read: Record<string, number> = { ada: 0, ben: 0, eve: 0 };
      let head = 0;
      for (const { what, by, n, who, all } of steps) {
        const parts = { by, ...all && { all } };
        const target = [...naive.keys()][n];
        if (what === "post") {
          await appender.append(post(who.length > 0 ? who : undefined, parts));
          naive.set(++head, { by, who, all });
        } else if (what === "read") {
          read[by] = Math.max(read[by], Math.min(n, head));
          await moveRead(kv, by, ROOM, n);
        } else if (target !== undefined && naive.get(target)!.by === by) {
          const change = what === "edit" ? edit(target, who, parts) : { ...remove(target), by };
          await appender.append(change);
          head++;
          if (what === "edit") naive.set(target, { by, who, all });
          else naive.delete(target);
        }
      }
      for (const person of NAMES) {
        const mentioned = [...naive].flatMap(([seq, { by, who, all }]) =>
          by !== person && (all || who.includes(person)) ? [seq] : []
        ).sort((a, b) => a - b);
        assertEquals(await listed(kv, person), mentioned.toReversed());
        const expected = mentioned.filter((seq) => seq > read[person]);
        assertEquals(await unread(kv, person, read[person]), expected);
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("names are found among the members when a message comes, by socket", async () => {
  await using t = await setUp();
  const [ada, ben] = [await t.instance.connect(t.ada), await t.instance.connect(t.ben)];
  ada.say([
    say(t.room.id, "m1", "@Ben and @ada, not @eve nor @nobody"),
    say(t.room.id, "m2", "plain"),
    say(t.room.id, "m3", "@all and `@ben`"),
    { type: "edit", room: t.room.id, id: "e1", message: 2, text: "now @ben" },
  ]);
  await ada.take("ack", ({ id }) => id === "e1");
  await ben.take("events", ({ events }) => events.at(-1)?.seq === 4);
  const heard = ben.all("events").flatMap(({ events }) => events) as PostedEvent[];
  assertEquals(heard.map(({ seq, mentions, all }) => [seq, mentions, all]), [
    [1, [t.ben.id, t.ada.id], undefined],
    [2, undefined, undefined],
    [3, undefined, undefined],
    [4, [t.ben.id], undefined],
  ]);
  assertEquals((await getSummary(t.kv, t.ben.id, t.room)).mentions, [1, 2]);
  assertEquals((await getSummary(t.kv, t.ada.id, t.room)).mentions, undefined);
  ben.say({ type: "read", room: t.room.id, seq: 1 });
  await ben.take("read");
  assertEquals((await getSummary(t.kv, t.ben.id, t.room)).mentions, [2]);
});

Deno.test("@all is for the owner and the admins of a group; of a member it is text", async () => {
  await using t = await setUp();
  const dan = await createPerson(t.kv, "dan", "Dan");
  const members = [t.ada.id, t.ben.id, dan.id];
  await enter(t.kv, group(members, { admins: [t.ben.id] }));
  for (const [user, all] of [[t.ada, true], [t.ben, true], [dan, undefined]] as const) {
    const socket = await t.instance.connect(user);
    socket.say(say(ROOM, "m", "@all and @eve"));
    const { seq } = await socket.take("ack");
    const { events: [event] } = await listEvents(t.kv, ROOM, { after: seq - 1, limit: 1 });
    assertEquals([(event as PostedEvent).all, (event as PostedEvent).mentions], [all, undefined]);
  }
  assertEquals([await unread(t.kv, dan.id), await unread(t.kv, t.ada.id)], [[1, 2], [2]]);
});
