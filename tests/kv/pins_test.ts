import { assertEquals, assertRejects } from "@std/assert";
import { InvalidError, NotFoundError } from "../../lib/chat/errors.ts";
import { MAX_PINS } from "../../lib/chat/limits.ts";
import type { Draft } from "../../lib/store/drafts.ts";
import { getHeads, listEvents } from "../../lib/store/events.ts";
import { changeGroup } from "../../lib/store/groups.ts";
import { listPins } from "../../lib/store/pins.ts";
import { getSummary } from "../../lib/store/summaries.ts";
import { post as say, postAll, setUp } from "../helpers/conversation.ts";
import { base, newAppender, post, remove } from "../helpers/drafts.ts";
import { setUpGroup } from "../helpers/groups.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { quietly } from "../helpers/waiting.ts";

const pin = (message: number, on = true): Draft => ({ ...base(), type: "pinned", message, on });

async function pinned(kv: Deno.Kv): Promise<number[]> {
  return (await listPins(kv, "r1")).map(({ message }) => message.seq);
}

async function countOf(kv: Deno.Kv): Promise<number | undefined> {
  return (await getHeads(kv, ["r1"]))[0].head.pins;
}

Deno.test("the last pinned comes first, as it is now, with who pinned it; taken down it is gone", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  await Promise.all([post(), post(), post("third")].map((draft) => appender.append(draft)));
  for (const draft of [pin(3), { ...pin(1), by: "ben" }]) await appender.append(draft);
  await appender.append({ ...base(), type: "edited", message: 3, text: "edited" });
  const pins = await listPins(kv, "r1");
  assertEquals(pins.map(({ by, message }) => [by, message.seq, message.text]), [
    ["ben", 1, "text"],
    ["ada", 3, "edited"],
  ]);
  await appender.append(pin(1, false));
  assertEquals([await pinned(kv), await countOf(kv)], [[3], 1]);
  const { events } = await listEvents(kv, "r1", {});
  assertEquals(events.filter(({ type }) => type === "pinned").length, 3);
});

Deno.test("saying twice that a message is pinned, or is not, counts once", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  await appender.append(post());
  for (const on of [false, true, true]) await appender.append(pin(1, on));
  assertEquals([await pinned(kv), await countOf(kv)], [[1], 1]);
  for (const on of [false, false]) await appender.append(pin(1, on));
  assertEquals([await pinned(kv), await countOf(kv)], [[], 0]);
});

Deno.test("the deletion of a message takes its pin down, and what is no message has none", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const drafts = [post(), pin(1), remove(1)]; // in one commit
  await Promise.all(drafts.map((draft) => appender.append(draft)));
  assertEquals([await pinned(kv), await countOf(kv)], [[], 0]);
  await assertRejects(() => appender.append(pin(1)), InvalidError);
  await assertRejects(() => appender.append(pin(2)), NotFoundError);
  await assertRejects(() => appender.append(pin(9)), NotFoundError);
});

Deno.test("a room takes so many pins; one that is taken down makes place", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const seqs = Array.from({ length: MAX_PINS + 1 }, (_, n) => n + 1);
  await Promise.all(seqs.map(() => appender.append(post())));
  const results = await Promise.allSettled(seqs.map((seq) => appender.append(pin(seq))));
  assertEquals(results.filter(({ status }) => status === "rejected").length, 1);
  await assertRejects(() => appender.append(pin(MAX_PINS + 1)), InvalidError);
  await appender.append(pin(1)); // it is pinned: no place is needed
  await appender.append(pin(1, false));
  await appender.append(pin(MAX_PINS + 1));
  assertEquals([(await pinned(kv)).length, await countOf(kv)], [MAX_PINS, MAX_PINS]);
});

Deno.test({
  name: "two instances that pin at once count right, also against a deletion",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    const [one, two] = file.kvs.map((kv) => newAppender(kv));
    for (let n = 0; n < 10; n++) await one.append(post());
    await quietly(() =>
      Promise.allSettled(
        Array.from({ length: 10 }, (_, n) => [
          one.append(pin(n + 1)),
          two.append({ ...pin(n + 1), by: "ben" }),
          (n % 2 ? one : two).append(remove(n % 3 ? 1 : n + 1)),
        ]).flat(),
      )
    );
    const { events } = await listEvents(file.kvs[0], "r1", { after: 0, limit: 200 });
    const left = events.filter((event) => event.type === "posted" && event.pinned);
    assertEquals((await pinned(file.kvs[1])).toSorted(), left.map(({ seq }) => seq).toSorted());
    assertEquals(await countOf(file.kvs[0]), left.length);
  },
});

Deno.test("a pin is heard by everybody in the room; strangers learn nothing of it", async () => {
  await using t = await setUp();
  const [ada, ben] = [await t.instance.connect(t.ada), await t.instance.connect(t.ben)];
  await postAll(ada, t.room.id, 1);
  const command = (room: string, id: string) => ({ type: "pin", room, id, message: 1, on: true });
  ben.say(command(t.room.id, "p1"));
  assertEquals((await ben.take("ack", ({ id }) => id === "p1")).seq, 2);
  await ada.take("events", ({ events }) => events.at(-1)?.type === "pinned");
  ada.say({ type: "pins", ref: 1, room: t.room.id });
  assertEquals((await ada.take("pins")).pins.map(({ by }) => by), [t.ben.id]);

  const eve = await t.instance.connect(t.eve);
  const foreign = (room: string) => [command(room, "p2"), { type: "pins", ref: 2, room }];
  for (const [n, frame] of foreign(t.room.id).entries()) {
    eve.say([frame, foreign("nothing")[n]]);
    const { room: _, ...first } = await eve.take("error");
    const { room: __, ...second } = await eve.take("error");
    assertEquals([first, first.code], [second, "not_found"]);
  }
  ada.say(say(t.room.id, "next"));
  assertEquals((await ada.take("ack", ({ id }) => id === "next")).seq, 3);
});

Deno.test("who came later is not told how much was pinned of what they may not see", async () => {
  await using t = await setUpGroup({ history: "joined" });
  const appender = newAppender(t.kv);
  const draft = { room: t.room.id, by: t.ada.id };
  const old = await appender.append({ ...draft, type: "posted", id: "m1", text: "old" });
  await appender.append({ ...draft, type: "pinned", id: "p1", message: old.seq, on: true });
  await changeGroup(t.kv, t.room.id, t.ada.id, { type: "add", people: [t.eve.id] });
  const countFor = async ({ id }: { id: string }) => (await getSummary(t.kv, id, t.room)).pins;
  assertEquals([await countFor(t.ben), await countFor(t.eve)], [1, undefined]);
  const late = newAppender(t.kv);
  const { seq } = await late.append({ ...draft, type: "posted", id: "m2", text: "new" });
  await late.append({ ...draft, type: "pinned", id: "p2", message: seq, on: true });
  assertEquals([await countFor(t.ben), await countFor(t.eve)], [2, 1]);
});
