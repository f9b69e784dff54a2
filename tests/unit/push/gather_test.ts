import { assert, assertEquals } from "@std/assert";
import { Gather, type GatherOptions } from "../../../lib/push/gather.ts";
import { quietly } from "../../helpers/waiting.ts";

/** A gatherer whose work ends when the test says so. */
function setUp(options: Partial<GatherOptions> = {}) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const gather = new Gather({
    waitMs: 0,
    lanes: 2,
    max: 3,
    run(key) {
      begun.push(key);
      return new Promise((resolve) => ends.set(key, resolve));
    },
    ...options,
  });
  return { gather, begun, ends, end: (key: string) => ends.get(key)!() };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

Deno.test("what is asked for again before it began is done once", async () => {
  const done: string[] = [];
  const gather = new Gather({
    waitMs: 5,
    lanes: 1,
    max: 9,
    run: (key) => (done.push(key), Promise.resolve()),
  });
  for (const key of ["a", "a", "b", "a"]) assert(gather.add(key));
  assertEquals(done, []);
  await gather.idle();
  assertEquals(done, ["a", "b"]);
});

Deno.test("what is asked for while it is under way is done once more, after it", async () => {
  const t = setUp();
  t.gather.add("a");
  await turn();
  t.gather.add("a");
  t.gather.add("a");
  await turn();
  assertEquals(t.begun, ["a"], "never twice at a time");
  t.end("a");
  await turn();
  assertEquals(t.begun, ["a", "a"]);
  t.end("a");
  await t.gather.idle();
});

Deno.test("so many are under way, so many wait, and one more is refused", async () => {
  const t = setUp();
  for (const key of ["a", "b"]) t.gather.add(key);
  await turn();
  for (const key of ["c", "d", "e"]) assert(t.gather.add(key));
  await turn();
  assertEquals(t.begun, ["a", "b"]);
  assert(!t.gather.add("f"));
  t.end("a");
  await turn();
  assertEquals(t.begun, ["a", "b", "c"]);
  assert(t.gather.add("f"));
  for (const key of ["b", "c", "d", "e", "f"]) {
    await turn();
    t.end(key);
  }
  await t.gather.idle();
  assert(!t.gather.busy);
});

Deno.test("what fails is logged and does not stop the rest", async () => {
  const done: string[] = [];
  const gather = new Gather({
    waitMs: 0,
    lanes: 1,
    max: 9,
    run(key) {
      if (key === "bad") return Promise.reject(new Error("no"));
      done.push(key);
      return Promise.resolve();
    },
  });
  await quietly(async (errors) => {
    for (const key of ["bad", "good"]) gather.add(key);
    await gather.idle();
    assertEquals(errors.length, 1);
  });
  assertEquals(done, ["good"]);
});

Deno.test("close() does at once what waits and takes nothing more", async () => {
  const done: string[] = [];
  const gather = new Gather({
    waitMs: 60_000,
    lanes: 1,
    max: 9,
    run: (key) => (done.push(key), Promise.resolve()),
  });
  for (const key of ["a", "b"]) gather.add(key);
  await gather.close();
  assertEquals(done, ["a", "b"]);
  assert(!gather.add("c"));
});
