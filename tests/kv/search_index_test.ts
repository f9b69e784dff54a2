import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Appender } from "../../lib/live/appender.ts";
import { SearchIndexer } from "../../lib/live/search_indexer.ts";
import type { Draft, StoredMessage } from "../../lib/store/drafts.ts";
import { getHeads } from "../../lib/store/events.ts";
import { keys } from "../../lib/store/keys.ts";
import { decodeBlock, entriesIn, type StoredBlock } from "../../lib/store/search_blocks.ts";
import { SearchCache } from "../../lib/store/search_cache.ts";
import { catchUp, listMarked } from "../../lib/store/search_index.ts";
import { placesIn, type SearchHead } from "../../lib/store/search_plan.ts";
import { scanRooms } from "../../lib/store/search_scan.ts";
import { draftOf, NaiveRoom, step } from "../helpers/changes.ts";
import { edit, newAppender, post, react, remove } from "../helpers/drafts.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { quietly, within } from "../helpers/waiting.ts";

async function appendAll(kv: Deno.Kv, drafts: Draft[]): Promise<void> {
  const appender = newAppender(kv);
  await Promise.all(drafts.map((draft) => appender.append(draft)));
}

/** Every key and value of the database as text, bytes decoded. */
async function everything(kv: Deno.Kv): Promise<string> {
  const decoder = new TextDecoder();
  let all = "";
  for await (const { key, value } of kv.list({ prefix: [] })) {
    all += JSON.stringify(
      [key, value],
      (_, part) => part instanceof Uint8Array ? decoder.decode(part) : part,
    );
  }
  return all;
}

/** The messages of the index, and the bytes of its blocks. */
async function readIndex(kv: Deno.Kv, room = "r1") {
  const { value: head } = await kv.get<SearchHead>(keys.searchHead(room));
  assert(head, "there is an index");
  const stored: [number, StoredBlock][] = [];
  for await (const { key, value } of kv.list<StoredBlock>({ prefix: ["search_block", room] })) {
    stored.push([Number(key[2]), value]);
  }
  assertEquals(
    placesIn(head).map(({ first, rev }) => [first, rev]),
    stored.map(([first, { rev }]) => [
      first,
      rev,
    ]),
    "the head names exactly the blocks that are there",
  );
  const entries = stored.flatMap(([, block]) => entriesIn(decodeBlock(block)));
  return { head, entries, blocks: stored.map(([, block]) => block) };
}

/** Texts that a search finds now, newest first, without an index being written. */
async function find(kv: Deno.Kv, text: string, { flags = 0, cache = new SearchCache() } = {}) {
  const { hits } = await scanRooms(kv, cache, [{ room: "r1", from: 1 }], {
    filter: {
      terms: text === "" ? [] : [{ text }],
      by: null,
      flags,
      since: null,
      until: null,
    },
    limit: 1_000,
    after: null,
    deadline: Infinity,
  });
  return hits.map(({ seq }) => seq);
}

Deno.test("an index holds every message of its room, in blocks that KV takes", async () => {
  using kv = await freshKv();
  await appendAll(
    kv,
    Array.from({ length: 3_000 }, (_, n) => post(`Ünder ${n} ${"x".repeat(50)}`)),
  );
  await catchUp(kv, "r1");
  const { head, entries, blocks } = await readIndex(kv);
  assertEquals(head.upTo, 3_000);
  assertEquals(entries.map(({ seq }) => seq), Array.from({ length: 3_000 }, (_, n) => n + 1));
  assert(entries[2].text.startsWith("under 2 xx"));
  assert(blocks.length >= 4 && blocks.length <= 8, `${blocks.length} blocks`);
  for (const { text } of blocks) assert(text.length < 58_000);
});

Deno.test("an index that is caught up bit by bit finds what one made at once finds", async () => {
  using kv = await freshKv();
  for (let n = 0; n < 40; n++) {
    await appendAll(kv, [post(`word ${n}`), post("other")]);
    if (n % 3 === 0) await catchUp(kv, "r1");
    assertEquals(await find(kv, `word ${n}`), [2 * n + 1], "found before it is indexed");
  }
  assertEquals((await find(kv, "word")).length, 40);
  assertEquals((await readIndex(kv)).blocks.length, 1);
});

Deno.test("a search writes nothing while the index is near its log", async () => {
  using kv = await freshKv();
  await appendAll(kv, [post("one"), post("two")]);
  const before = await everything(kv);
  assertEquals(await find(kv, "o"), [2, 1]);
  assertEquals(await everything(kv), before);
});

Deno.test("a search brings an index that is far behind up to its log first", async () => {
  using kv = await freshKv();
  await appendAll(kv, Array.from({ length: 1_200 }, (_, n) => post(`text ${n}`)));
  assertEquals(await find(kv, "text 777"), [778]);
  assertEquals((await readIndex(kv)).head.upTo, 1_200);
  assertEquals((await find(kv, "text 11")).length, 1 + 10 + 100);
});

Deno.test("the edges: the longest messages, empty ones, texts that grow when folded", async () => {
  using kv = await freshKv();
  const growing = "ﷺ".repeat(8_000);
  await appendAll(kv, [
    ...Array.from({ length: 12 }, (_, n) => post("😀".repeat(7_990) + n)),
    post(growing),
    post("```"),
  ]);
  await catchUp(kv, "r1");
  const { entries } = await readIndex(kv);
  assertEquals(entries.length, 14);
  assertEquals(await find(kv, "😀11"), [12]);
  assertEquals(await find(kv, "الله"), [13]);
  await appendAll(kv, Array.from({ length: 12 }, (_, n) => edit(n + 1, `${"字".repeat(7_999)}終`)));
  await catchUp(kv, "r1");
  assertEquals((await find(kv, "終")).length, 12);
  assertEquals(await find(kv, "😀"), []);
});

Deno.test("an edit is found by its new text and no longer by the old one, indexed or not", async () => {
  using kv = await freshKv();
  const cache = new SearchCache();
  await appendAll(kv, [post("first draft"), post("another")]);
  for (const indexes of [false, true]) {
    if (indexes) await catchUp(kv, "r1");
    assertEquals(await find(kv, "draft", { cache }), [1]);
  }
  await appendAll(kv, [edit(1, "final version")]);
  for (const indexes of [false, true]) {
    if (indexes) await catchUp(kv, "r1");
    assertEquals(await find(kv, "final", { cache }), [1]);
    assertEquals(await find(kv, "draft", { cache }), []);
  }
});

Deno.test("a block that an edit made too big is cut, and one that is empty goes", async () => {
  using kv = await freshKv();
  await appendAll(kv, Array.from({ length: 20 }, (_, n) => post(`${n} ${"a".repeat(2_500)}`)));
  await catchUp(kv, "r1");
  assertEquals((await readIndex(kv)).blocks.length, 1);
  await appendAll(kv, [3, 4, 5].map((seq) => edit(seq, `grown ${"b".repeat(7_000)}`)));
  await catchUp(kv, "r1");
  const { blocks, entries } = await readIndex(kv);
  assertEquals(blocks.length, 2);
  assertEquals(entries.map(({ seq }) => seq), Array.from({ length: 20 }, (_, n) => n + 1));
  assertEquals(await find(kv, "grown"), [5, 4, 3]);
  await appendAll(kv, Array.from({ length: 20 }, (_, n) => remove(n + 1)));
  await catchUp(kv, "r1");
  const empty = await readIndex(kv);
  assertEquals([empty.blocks.length, empty.head.upTo], [0, 43]);
  await appendAll(kv, [post("anew")]);
  await catchUp(kv, "r1");
  assertEquals(await find(kv, "anew"), [44]);
});

Deno.test("the text of a deleted message is under no key once its room is indexed", async () => {
  using kv = await freshKv();
  await appendAll(kv, [post("keep"), post("secret one"), post("keep too")]);
  await appendAll(kv, [edit(2, "secret two")]);
  await catchUp(kv, "r1");
  assert((await everything(kv)).includes("secret two"), "the premise");
  await appendAll(kv, [remove(2)]);
  assertEquals(await listMarked(kv), ["r1"], "the deletion left a mark");
  assertEquals(await find(kv, "secret"), [], "no search shows it before that either");
  await catchUp(kv, "r1");
  assert(!(await everything(kv)).includes("secret"));
  assertEquals(await listMarked(kv), []);
  assertEquals(await find(kv, "keep"), [3, 1]);
});

Deno.test("a post leaves no mark and costs no key besides its own", async () => {
  using kv = await freshKv();
  await appendAll(kv, [post("text"), react(1)]);
  const names: Deno.KvKeyPart[] = [];
  for await (const { key } of kv.list({ prefix: [] })) names.push(key[0]);
  assertEquals(names.sort(), ["head", "log", "log"]);
});

Deno.test("a message counts as having reactions while it has some", async () => {
  using kv = await freshKv();
  const REACTION = 32;
  await appendAll(kv, [post("a"), post("b")]);
  await catchUp(kv, "r1");
  for (const on of [true, false]) {
    await appendAll(kv, [react(1, "👍", on)]);
    assertEquals(await find(kv, "", { flags: REACTION }), on ? [1] : [], "from the log");
    await catchUp(kv, "r1");
    assertEquals(await find(kv, "", { flags: REACTION }), on ? [1] : [], "from the index");
  }
});

Deno.test("a message is found by the names of its files, and by what they are", async () => {
  using kv = await freshKv();
  const files = [{ id: "f1", name: "Bericht.pdf", type: "application/pdf", size: 1 }];
  await appendAll(kv, [post("see"), post("other")]);
  const { value } = await kv.get<StoredMessage>(keys.entry(["room", "r1"], 1));
  await kv.set(keys.entry(["room", "r1"], 1), { ...value, files });
  const FILE = 2;
  for (const indexed of [false, true]) {
    if (indexed) await catchUp(kv, "r1");
    assertEquals(await find(kv, "bericht"), [1]);
    assertEquals(await find(kv, "", { flags: FILE }), [1]);
  }
  await appendAll(kv, [remove(1)]);
  await catchUp(kv, "r1");
  const left = await everything(kv);
  assert(!left.includes("bericht") && !left.includes("Bericht"), "the name goes with the message");
});

Deno.test({
  name: "two instances that index one room at once make one index, each message once",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    const [one, two] = file.kvs;
    await appendAll(
      one,
      Array.from({ length: 1_500 }, (_, n) => post(`text ${n} ${"y".repeat(80)}`)),
    );
    await quietly(() => Promise.all([catchUp(one, "r1"), catchUp(two, "r1"), catchUp(two, "r1")]));
    for (let n = 0; n < 20; n++) {
      const changes = [edit(n + 1, `edited ${n}`), remove(n + 101), post(`late ${n}`)];
      await quietly(() =>
        Promise.all([appendAll(one, changes), catchUp(one, "r1"), catchUp(two, "r1")])
      );
    }
    await Promise.all([catchUp(one, "r1"), catchUp(two, "r1")]);
    const { entries, head } = await readIndex(one);
    const [{ head: { seq } }] = await getHeads(one, ["r1"]);
    assertEquals([head.upTo, entries.length], [seq, 1_500 + 20 - 20]);
    assertEquals(new Set(entries.map(({ seq }) => seq)).size, entries.length);
    assertEquals((await find(two, "edited")).length, 20);
    assertEquals((await find(two, "late")).length, 20);
    assertEquals(await listMarked(one), []);
  },
});

Deno.test({
  name: "searching while another instance cuts and moves blocks misses nothing that was there",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    const [writer, reader] = file.kvs;
    const cache = new SearchCache();
    await appendAll(
      writer,
      Array.from({ length: 200 }, (_, n) => post(`stays ${n} ${"z".repeat(500)}`)),
    );
    await catchUp(writer, "r1");
    const writing = (async () => {
      for (let n = 0; n < 15; n++) {
        await appendAll(writer, [edit(n * 7 + 1, `stays ${"w".repeat(7_000)}`)]);
        await catchUp(writer, "r1");
      }
    })();
    await quietly(async () => {
      for (let n = 0; n < 25; n++) {
        assertEquals((await find(reader, "stays", { cache })).length, 200);
      }
      await writing;
    });
  },
});

Deno.test("an index finds what a naive room holds, after any posts, changes and catching up", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 40 }), async (steps) => {
      using kv = await freshKv();
      const appender = newAppender(kv);
      const naive = new NaiveRoom();
      const cache = new SearchCache();
      for (const [k, [one, indexes]] of steps.entries()) {
        const message = "n" in one ? naive.seqOf(one.n) : 0;
        const text = `text ${k}`;
        naive.take(one, message, text);
        await appender.append(draftOf(one, { id: `c${k}`, message, text })).catch(() => {});
        if (indexes) await catchUp(kv, "r1");
        const expected = [...naive.messages].filter(([, { deleted }]) => !deleted);
        assertEquals(await find(kv, "text", { cache }), expected.map(([seq]) => seq).reverse());
        for (const [seq, { text }] of expected) {
          assert((await find(kv, text, { cache })).includes(seq));
        }
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("the cache stays within its bytes and gives no block of another commit", () => {
  const cache = new SearchCache({ maxBytes: 10_000 });
  const block = (rev: number) => ({
    rev,
    text: "x".repeat(1_000),
    seqs: new Uint32Array(1),
    ats: new Float64Array(1),
    bys: new Uint16Array(1),
    flags: new Uint8Array(1),
    ends: new Uint32Array(1),
    authors: ["ada"],
  });
  for (let first = 0; first < 100; first++) cache.set("r1", first, block(1));
  assert(cache.bytes <= 10_000 && cache.bytes > 5_000);
  assertEquals(cache.get("r1", { first: 3, rev: 1 }), null);
  assert(cache.get("r1", { first: 99, rev: 1 }));
  assertEquals(cache.get("r1", { first: 99, rev: 2 }), null);
  for (let n = 0; n < 100; n++) cache.set("r1", 99, block(n));
  assert(cache.bytes <= 10_000);
});

Deno.test("a deletion leaves the index within a second though nobody searches", async () => {
  using kv = await freshKv();
  const indexer = new SearchIndexer(kv);
  const appender = new Appender(kv, {
    onCommit: (room, events) => indexer.committed(room, events),
  });
  await indexer.start();
  await appender.append(post("secret"));
  await catchUp(kv, "r1");
  await appender.append(remove(1));
  await within(indexer.settled(), "the deletion is indexed", 1_000);
  assert(!(await everything(kv)).includes("secret"));
  assertEquals(await listMarked(kv), []);
  await indexer.close();
});

Deno.test("what a crash left in an index is gone after the next start", async () => {
  using kv = await freshKv();
  await appendAll(kv, [post("secret")]);
  await catchUp(kv, "r1");
  await appendAll(kv, [remove(1)]); // and nobody indexes: the instance is gone
  assert((await everything(kv)).includes("secret"), "the premise");
  const indexer = new SearchIndexer(kv);
  await indexer.start();
  await indexer.settled();
  assert(!(await everything(kv)).includes("secret"));
  await indexer.close();
});
