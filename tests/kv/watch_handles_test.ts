import { assertEquals, assertGreater } from "@std/assert";
import { SPREAD, STREAMS_PER_HANDLE, WatchHandles } from "../../lib/live/watch_handles.ts";
import { Watcher } from "../../lib/live/watcher.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { stubKv } from "../helpers/stub_kv.ts";
import { quietly, Recorder } from "../helpers/waiting.ts";

Deno.test("watches spread over some handles, fill them, and leave the shared one alone", async () => {
  using shared = await freshKv();
  const handles = new WatchHandles(shared, freshKv);
  const take = (length: number) => Promise.all(Array.from({ length }, () => handles.take()));
  const first = await take(SPREAD);
  assertEquals(new Set(first.map(({ kv }) => kv)).size, SPREAD);
  const places = [...first, ...await take(SPREAD * (STREAMS_PER_HANDLE - 1))];
  assertEquals(handles.size, SPREAD);
  assertEquals(places.some(({ kv }) => kv === shared), false);
  for (const { kv } of first) {
    assertEquals(places.filter((place) => place.kv === kv).length, STREAMS_PER_HANDLE);
  }
  places[0].release();
  places[0].release();
  const [again, next] = [await handles.take(), await handles.take()];
  assertEquals(again.kv, places[0].kv, "the free place is used again");
  assertEquals(handles.size, SPREAD + 1, "and only once");
  assertEquals(places.some(({ kv }) => kv === next.kv), false);
  handles.close();
});

Deno.test("a retired handle gets no more streams and is closed with its last one", async () => {
  using shared = await freshKv();
  const handles = new WatchHandles(shared, freshKv);
  const places = [];
  for (let n = 0; n <= SPREAD; n++) places.push(await handles.take());
  const [a, b] = [places[0], places[SPREAD]];
  assertEquals(a.kv, b.kv);
  a.retire();
  const c = await handles.take();
  assertEquals(c.kv === a.kv, false);
  assertEquals(handles.size, SPREAD + 1);
  a.release();
  assertEquals(handles.size, SPREAD + 1);
  b.release();
  assertEquals(handles.size, SPREAD);
  handles.close();
});

Deno.test("a change that a dead stream kept to itself is found, and the stream is replaced", async () => {
  using kv = await freshKv();
  let watches = 0;
  const silent = stubKv(kv, {
    watch() {
      if (watches++ === 0) return new ReadableStream<never>();
    },
  });
  const watcher = new Watcher(silent, { auditMs: 50 });
  const seen = new Recorder<unknown>();
  await quietly(async (errors) => {
    watcher.watch(["a"], (value) => seen.add(value));
    await kv.set(["a"], 1);
    await seen.until((all) => all.length === 1, "the value");
    assertEquals(errors.length, 1, "said once");
  });
  assertEquals(seen.all, [1]);
  await kv.set(["a"], 2);
  await seen.until((all) => all.length === 2, "the new stream reports");
  watcher.close();
});

Deno.test("streams of a connection that died all move to a new one", async () => {
  using kv = await freshKv();
  let opened = 0;
  // The first connection never says anything; later ones work.
  const openKv = () => {
    const isDead = opened++ === 0;
    const stub = stubKv(kv, { watch: () => isDead ? new ReadableStream<never>() : undefined });
    return Promise.resolve(unclosed(stub));
  };
  const watcher = new Watcher(kv, { openKv, auditMs: 50 });
  const seen = new Recorder<number>();
  await quietly(async () => {
    for (let n = 0; n < 35; n++) watcher.watch(["k", n], () => seen.add(n));
    await kv.set(["k", 3], 1);
    await seen.until((all) => new Set(all).size === 35, "every key");
  });
  assertGreater(opened, 1);
  watcher.close();
});

/** The handle without its end: several stand for one database in memory. */
function unclosed(kv: Deno.Kv): Deno.Kv {
  return new Proxy(kv, {
    get: (target, name) => name === "close" ? () => {} : Reflect.get(target, name),
  });
}
