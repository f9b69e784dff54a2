import { assertEquals, assertInstanceOf } from "@std/assert";
import { OverloadedError } from "../../lib/chat/errors.ts";
import { HOLD_MS, Holdback } from "../../lib/live/holdback.ts";

/** Offers a post as a session does; answers whether it was taken. */
function offer(holdback: Holdback, id: string, { room = "r", now = 0 } = {}): boolean {
  try {
    holdback.check({ room, id }, now);
    holdback.taken({ room, id });
    return true;
  } catch (error) {
    assertInstanceOf(error, OverloadedError);
    holdback.refused({ room, id }, now);
    return false;
  }
}

Deno.test("a refused post holds back those behind it, in its room, until it comes again", () => {
  const holdback = new Holdback();
  assertEquals(offer(holdback, "m1"), true);
  holdback.refused({ room: "r", id: "m2" }, 0);
  assertEquals(offer(holdback, "m3"), false);
  assertEquals(offer(holdback, "m3", { room: "other" }), true);
  assertEquals(["m2", "m3", "m4"].map((id) => offer(holdback, id)), [true, true, true]);
});

Deno.test("what was held back is taken in the order in which it first came", () => {
  const holdback = new Holdback();
  holdback.refused({ room: "r", id: "m1" }, 0);
  assertEquals(offer(holdback, "m2"), false);
  assertEquals(offer(holdback, "m1"), true);
  assertEquals(offer(holdback, "m3"), false, "m2 has to come first");
  assertEquals([offer(holdback, "m2"), offer(holdback, "m3")], [true, true]);
});

Deno.test("a post that is refused again keeps its place", () => {
  const holdback = new Holdback();
  for (const id of ["m1", "m2", "m1"]) holdback.refused({ room: "r", id }, 0);
  assertEquals([offer(holdback, "m2"), offer(holdback, "m1")], [false, true]);
});

Deno.test("a refused post that was given up holds nothing back for long", () => {
  const holdback = new Holdback();
  holdback.refused({ room: "r", id: "m1" }, 0);
  assertEquals(offer(holdback, "m2", { now: HOLD_MS - 1 }), false);
  assertEquals(offer(holdback, "m2", { now: HOLD_MS }), true);
});

Deno.test("a post that came while the refused one held waits its turn, however late it is obeyed", () => {
  const holdback = new Holdback();
  holdback.refused({ room: "r", id: "m1" }, 5_000);
  const cameAt = 1_000; // before m1 was refused; the session was busy until long after
  assertEquals(offer(holdback, "m2", { now: cameAt }), false);
});
