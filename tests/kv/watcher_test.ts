import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { Watcher } from "../../lib/live/watcher.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { stubKv } from "../helpers/stub_kv.ts";
import { quietly, Recorder } from "../helpers/waiting.ts";

Deno.test("a watcher of 1,000 keys uses 100 streams, and each key reports its own changes", async () => {
  using kv = await freshKv();
  const watcher = new Watcher(kv);
  const seen = new Recorder<[number, unknown]>();
  for (let n = 0; n < 1_000; n++) watcher.watch(["k", n], (value) => seen.add([n, value]));
  await seen.until((all) => all.length >= 1_000, "every key reports what it holds");
  assertLessOrEqual(watcher.streams, 100);
  for (const n of [0, 9, 10, 555, 999]) {
    const before = seen.all.length;
    await kv.set(["k", n], "new");
    await seen.until((all) => all.length > before, `key ${n} reports`);
    assertEquals(seen.all.slice(before), [[n, "new"]]);
  }
  watcher.close();
});

Deno.test("a watcher reports a present value, an absent one and a removed one", async () => {
  using kv = await freshKv();
  await kv.set(["a"], 1);
  const watcher = new Watcher(kv);
  const seen = new Recorder<[string, unknown]>();
  watcher.watch(["a"], (value) => seen.add(["a", value]));
  watcher.watch(["b"], (value) => seen.add(["b", value]));
  await seen.until((all) => all.length === 2, "first values");
  assertEquals(seen.all, [["a", 1], ["b", null]]);
  await kv.delete(["a"]);
  await seen.until((all) => all.length === 3, "the removal");
  assertEquals(seen.all[2], ["a", null]);
  watcher.close();
});

Deno.test("groups that restart because they grow lose no change", async () => {
  using kv = await freshKv();
  const watcher = new Watcher(kv);
  const newest = new Map<number, unknown>();
  const seen = new Recorder<number>();
  for (let n = 0; n < 60; n++) {
    watcher.watch(["k", n], (value) => {
      newest.set(n, value);
      seen.add(n);
    });
    // Each key arrives while the ones before it change.
    await Promise.all([...Array(n + 1).keys()].map((m) => kv.set(["k", m], n)));
  }
  const isDone = () => newest.size === 60 && [...newest.values()].every((value) => value === 59);
  await seen.until(isDone, "every key's last value");
  watcher.close();
});

Deno.test("a key that is no longer watched is silent, and its place is used again", async () => {
  using kv = await freshKv();
  const watcher = new Watcher(kv);
  const seen = new Recorder<string>();
  const stops = Array.from(
    { length: 20 },
    (_, n) => watcher.watch(["k", n], () => seen.add(`k${n}`)),
  );
  await seen.until((all) => all.length === 20, "first values");
  for (const stop of stops.slice(0, 19)) stop();
  stops[0]();
  assertEquals(watcher.streams, 1);
  for (let n = 0; n < 9; n++) watcher.watch(["new", n], () => seen.add(`new${n}`));
  await seen.until((all) => all.length === 29, "values of the new keys");
  assertEquals(watcher.streams, 1);
  await kv.set(["k", 3], 1);
  await kv.set(["k", 19], 1);
  await seen.until((all) => all.length === 30, "the change");
  assertEquals(seen.all.at(-1), "k19");
  watcher.close();
});

Deno.test("a watch that cannot be opened is opened again, and then reports the newest value", async () => {
  using kv = await freshKv();
  let failures = 3;
  const flaky = stubKv(kv, {
    watch() {
      if (failures-- > 0) throw new Error("unreachable");
    },
  });
  const watcher = new Watcher(flaky);
  const seen = new Recorder<unknown>();
  await quietly(async (errors) => {
    watcher.watch(["a"], (value) => seen.add(value));
    await kv.set(["a"], 7);
    await seen.until((all) => all.length === 1, "the value");
    assertEquals(errors.length, 1, "said once");
  });
  assertEquals(seen.all, [7]);
  watcher.close();
});

Deno.test("a watcher that is closed reports nothing and holds no stream", async () => {
  using kv = await freshKv();
  const watcher = new Watcher(kv);
  const seen = new Recorder<unknown>();
  watcher.watch(["a"], (value) => seen.add(value));
  await seen.until((all) => all.length === 1, "first value");
  watcher.watch(["b"], (value) => seen.add(value));
  watcher.close();
  await kv.set(["a"], 1);
  assertEquals(seen.all, [null]);
  assertEquals(watcher.streams, 0);
});

Deno.test({
  name: "a change made by one handle on a file is seen by a watch on another",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    const watcher = new Watcher(file.kvs[0]);
    const seen = new Recorder<unknown>();
    watcher.watch(["a"], (value) => seen.add(value));
    await seen.until((all) => all.length === 1, "first value");
    await file.kvs[1].set(["a"], "from the other");
    assert((await seen.until((all) => all.length === 2, "the change"))[1] === "from the other");
    watcher.close();
  },
});
