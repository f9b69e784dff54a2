import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import fc from "fast-check";
import { InvalidError, NotFoundError } from "../../lib/chat/errors.ts";
import { EDIT_MS, MAX_EDITS, MAX_EMOJI } from "../../lib/chat/limits.ts";
import type { PostedEvent } from "../../lib/chat/events.ts";
import type { Ack, Draft } from "../../lib/store/drafts.ts";
import { getHeads, listEvents } from "../../lib/store/events.ts";
import { getReadStates, moveRead } from "../../lib/store/reads.ts";
import { listPins } from "../../lib/store/pins.ts";
import { listVersions } from "../../lib/store/versions.ts";
import { draftOf, type Naive, NaiveRoom, type Name, step } from "../helpers/changes.ts";
import { edit, newAppender, post, react, remove } from "../helpers/drafts.ts";
import { textOf } from "../helpers/events.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { quietly } from "../helpers/waiting.ts";

async function message(kv: Deno.Kv, seq: number): Promise<PostedEvent> {
  const { events: [event] } = await listEvents(kv, "r1", { after: seq - 1, limit: 1 });
  if (event?.type !== "posted") throw new Error(`No message at ${seq}`);
  return event;
}

/** Every value of the database as text. */
async function everything(kv: Deno.Kv): Promise<string> {
  let all = "";
  for await (const { key, value } of kv.list({ prefix: [] })) all += JSON.stringify([key, value]);
  return all;
}

Deno.test("a change is an event of the log, and the message is read as it is now", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv, () => 1_000);
  await appender.append(post("first"));
  await appender.append(post("second"));
  assertEquals(await appender.append(edit(1, "other")), { seq: 3, at: 1_000 });
  await appender.append(react(1, "👍"));
  const { events } = await listEvents(kv, "r1", {});
  assertEquals(events.map(({ type, seq, posts }) => [type, seq, posts]), [
    ["posted", 1, 1],
    ["posted", 2, 2],
    ["edited", 3, 2],
    ["reacted", 4, 2],
  ]);
  const { text, editedAt, changed, reactions } = await message(kv, 1);
  assertEquals([text, editedAt, changed], ["other", 1_000, 4]);
  assertEquals(reactions, [{ emoji: "👍", by: ["ada"] }]);
});

Deno.test("an old page shows its messages as they are now, though the changes are far later", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  await Promise.all(Array.from({ length: 300 }, (_, n) => appender.append(post(`text ${n}`))));
  await appender.append(edit(5, "edited later"));
  await appender.append(remove(6));
  const { events } = await listEvents(kv, "r1", { before: 11, limit: 10 });
  assertEquals(events.map(textOf).slice(3, 7), ["text 3", "edited later", "", "text 6"]);
});

Deno.test("a page that goes back holds as many messages as wanted, changes besides", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  await Promise.all(Array.from({ length: 20 }, (_, n) => appender.append(post(`text ${n}`))));
  for (let n = 0; n < 40; n++) await appender.append(react(3, "👍", n % 2 === 0));
  const { events, older, newer } = await listEvents(kv, "r1", { limit: 10 });
  assertEquals([events[0].seq, events.length, older, newer], [11, 50, true, false]);
  for (let n = 0; n < 200; n++) appender.post(react(3, "👍", n % 2 === 0), () => {});
  await appender.flushed();
  const page = await listEvents(kv, "r1", { limit: 10 });
  assertEquals([page.events.length, page.events[0].seq, page.older], [200, 61, true]);
});

Deno.test("only the author may edit and delete, only for a day, and never what is deleted", async (t) => {
  using kv = await freshKv();
  let now = 1_000;
  const appender = newAppender(kv, () => now);
  await appender.append(post("mine"));
  await appender.append(post("gone"));
  await appender.append(remove(2));
  const cases: [string, Draft, typeof InvalidError | typeof NotFoundError][] = [
    ["another's edit", { ...edit(1, "x"), by: "ben" }, InvalidError],
    ["another's deletion", { ...remove(1), by: "ben" }, InvalidError],
    ["an edit of what is deleted", edit(2, "x"), InvalidError],
    ["a second deletion", remove(2), InvalidError],
    ["a reaction to what is deleted", react(2, "👍"), InvalidError],
    ["an edit of what is no message", edit(3, "x"), NotFoundError],
    ["an edit of nothing", edit(99, "x"), NotFoundError],
    ["a change of what would come next", edit(4, "x"), NotFoundError],
    ["a change of number 0", remove(0), NotFoundError],
  ];
  for (const [name, draft, error] of cases) {
    await t.step(name, async () => void await assertRejects(() => appender.append(draft), error));
  }
  now += EDIT_MS;
  await appender.append(edit(1, "just in time"));
  now += 1;
  await assertRejects(() => appender.append(edit(1, "late")), InvalidError);
  await appender.append(remove(1));
  const [{ head }] = await getHeads(kv, ["r1"]);
  assertEquals(head.seq, 5, "what was refused has no place");
});

Deno.test("what is refused among others holds nothing up, in one commit as well", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const drafts = [
    post("one"),
    edit(1, "same commit"),
    remove(1),
    edit(1, "too late"),
    react(1, "👍"),
    post("two"),
    react(4, "👍"),
    { ...react(4, "👍"), by: "ben" },
    edit(77, "nothing"),
  ];
  const results = await Promise.all(
    drafts.map((draft) => appender.append(draft).catch((error: Error) => error)),
  );
  assertEquals(results.map((result) => result instanceof Error ? null : result.seq), [
    1,
    2,
    3,
    null,
    null,
    4,
    5,
    6,
    null,
  ]);
  assertEquals((await message(kv, 1)).deleted, true);
  assertEquals((await message(kv, 4)).reactions, [{ emoji: "👍", by: ["ada", "ben"] }]);
  assert(!(await everything(kv)).includes("same commit"));
});

Deno.test("the id of a change is stored once, for ever, also when it would be refused now", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  await appender.append(post("text"));
  const changes = [react(1, "👍"), edit(1, "other"), remove(1)];
  const first: Ack[] = [];
  for (const change of changes) first.push(await appender.append(change));
  for (const again of [appender, newAppender(kv)]) {
    const acks = await Promise.all(changes.map((change) => again.append(change)));
    assertEquals(acks, first);
  }
  const [{ head }] = await getHeads(kv, ["r1"]);
  assertEquals(head.seq, 4);
});

Deno.test("a deleted message leaves its place and nothing of any of its texts", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  await appender.append(post("secret zero"));
  for (const n of [1, 2, 3]) await appender.append(edit(1, `secret ${n}`));
  await appender.append(react(1, "👍"));
  assertEquals((await listVersions(kv, "r1", 1)).map(({ text }) => text), [
    "secret zero",
    "secret 1",
    "secret 2",
    "secret 3",
  ]);
  assert((await everything(kv)).includes("secret zero"), "the premise");
  const { seq } = await appender.append(remove(1));
  assert(!(await everything(kv)).includes("secret"));
  const { text, deleted, changed, editedAt, reactions } = await message(kv, 1);
  assertEquals([text, deleted, changed, editedAt, reactions], [
    "",
    true,
    seq,
    undefined,
    undefined,
  ]);
  await assertRejects(() => listVersions(kv, "r1", 1), InvalidError);
  await assertRejects(() => listVersions(kv, "r1", 2), NotFoundError);
});

Deno.test("a message takes so many edits and so many emoji, and its deletion empties them all", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  await appender.append(post("secret"));
  for (let n = 0; n < MAX_EDITS; n++) await appender.append(edit(1, `secret ${n}`));
  await assertRejects(() => appender.append(edit(1, "one more")), InvalidError);
  const emoji = Array.from({ length: MAX_EMOJI }, (_, n) => String.fromCodePoint(0x1f600 + n));
  for (const one of emoji) await appender.append(react(1, one));
  await assertRejects(() => appender.append(react(1, "👍")), InvalidError);
  await appender.append({ ...react(1, emoji[0]), by: "ben" });
  await appender.append(remove(1));
  assert(!(await everything(kv)).includes("secret"));
});

Deno.test("the largest messages with the most changes stay within what KV takes", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const longest = (n: number) => "😀".repeat(7_990) + n;
  const drafts = Array.from({ length: 12 }, (_, n) => post(longest(n)));
  await Promise.all(drafts.map((draft) => appender.append(draft)));
  const seqs = drafts.map((_, n) => n + 1);
  await Promise.all(seqs.flatMap((seq) => [
    appender.append(edit(seq, longest(100 + seq))),
    appender.append(react(seq, "👍")),
    appender.append(edit(seq, longest(200 + seq))),
  ]));
  await Promise.all(seqs.map((seq) => appender.append(remove(seq))));
  assert(!(await everything(kv)).includes("😀"));
});

Deno.test("the preview follows the edit and the deletion of the last message, and no other", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const last = async () => (await getHeads(kv, ["r1"]))[0].head.last;
  await appender.append(post("one"));
  await appender.append(post("**two**"));
  await appender.append(edit(1, "one edited"));
  await appender.append(react(2, "👍"));
  assertEquals((await last())?.text, "two");
  await appender.append(edit(2, "two `edited`"));
  assertEquals([(await last())?.text, (await last())?.changed], ["two edited", 5]);
  await appender.append(remove(2));
  assertEquals([(await last())?.text, (await last())?.deleted], ["", true]);
  await appender.append(post("three"));
  assertEquals((await last())?.text, "three");
});

function assertIsNaive(message: PostedEvent, naive: Naive): void {
  const { text, deleted, pinned, reactions } = naive;
  assertEquals([message.text, message.deleted ?? false, message.pinned ?? false], [
    text,
    deleted,
    pinned,
  ]);
  const counts = (message.reactions ?? []).map(({ emoji, by }) => [emoji, by.toSorted()]);
  const expected = [...reactions].filter(([, people]) => people.size > 0)
    .map(([emoji, people]) => [emoji, [...people].sort()]);
  assertEquals(counts.sort(), expected.sort());
}

Deno.test("messages and unread counts equal a naive room after any posts, changes and reads", async () => {
  const reads = fc.option(fc.nat(60), { nil: null });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, reads), { maxLength: 40 }), async (steps) => {
      using kv = await freshKv();
      const appender = newAppender(kv);
      const naive = new NaiveRoom();
      const pointers = { ada: 0, ben: 0 };
      for (const [k, [one, read]] of steps.entries()) {
        const message = "n" in one ? naive.seqOf(one.n) : 0;
        const text = `text ${k}`;
        const taken = naive.take(one, message, text);
        const result = await appender.append(draftOf(one, { id: `c${k}`, message, text }))
          .catch((error: Error) => error);
        assertEquals(result instanceof Error ? null : result.seq, taken ? naive.seq : null);
        if (read !== null) {
          const to = Math.max(pointers[one.by], Math.min(read, naive.seq));
          pointers[one.by] = to;
          const { unread } = await moveRead(kv, one.by, "r1", read);
          assertEquals(unread, naive.unread(one.by, to));
        }
        const [{ head }] = await getHeads(kv, ["r1"]);
        for (const reader of ["ada", "ben"] satisfies Name[]) {
          const [state] = await getReadStates(kv, reader, [{ id: "r1", head }]);
          assertEquals(state.unread, naive.unread(reader, pointers[reader]));
        }
      }
      const pins = (await listPins(kv, "r1")).map(({ message }) => message.seq);
      const pinned = [...naive.messages].flatMap(([seq, one]) => one.pinned ? [seq] : []);
      assertEquals(pins.toSorted(), pinned.toSorted());
      assertEquals((await getHeads(kv, ["r1"]))[0].head.pins ?? 0, pinned.length);
      const { events } = await listEvents(kv, "r1", { after: 0, limit: 200 });
      assertEquals(events.map(({ seq }) => seq), events.map((_, i) => i + 1));
      for (const event of events) {
        if (event.type === "posted") assertIsNaive(event, naive.messages.get(event.seq)!);
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test({
  name: "two instances that change one message at once agree on one order, and lose no reaction",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    const [one, two] = file.kvs.map((kv) => newAppender(kv));
    await one.append(post("text"));
    const people = Array.from({ length: 40 }, (_, n) => `p${n}`);
    const results = await quietly(() =>
      Promise.all(people.map((by, n) => (n % 2 ? one : two).append({ ...react(1, "👍"), by })))
    );
    assertEquals(results.map(({ seq }) => seq).sort((a, b) => a - b), people.map((_, n) => n + 2));
    const { reactions } = await message(file.kvs[0], 1);
    assertEquals(reactions?.[0].by.toSorted(), people.toSorted());

    const race = await quietly(() =>
      Promise.all([one, two].flatMap((appender) => [
        appender.append(edit(1, "edited")).catch((error: Error) => error),
        appender.append(remove(1)).catch((error: Error) => error),
      ]))
    );
    const stored = race.filter((result): result is Ack => !(result instanceof Error));
    const last = Math.max(...stored.map(({ seq }) => seq));
    assertEquals((await message(file.kvs[1], 1)).changed, last);
    const { events } = await listEvents(file.kvs[0], "r1", { after: 41 });
    assertEquals(events.at(-1)?.type, "deleted", "nothing happens to a message after its deletion");
    assertEquals(events.filter(({ type }) => type === "deleted").length, 1);
    for (const result of race) if (result instanceof Error) assertInstanceOf(result, InvalidError);
  },
});
