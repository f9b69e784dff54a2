import { assertEquals, assertInstanceOf } from "@std/assert";
import { OverloadedError } from "../../lib/chat/errors.ts";
import { HOLD_MS, Holdback } from "../../lib/live/holdback.ts";

const post = (id: string, room = "r") => ({ room, id });

/** What `check` throws, or `null`. */
function refusal(holdback: Holdback, id: string, { room = "r", now = 0 } = {}): unknown {
  try {
    return holdback.check(post(id, room), now) ?? null;
  } catch (error) {
    return error;
  }
}

Deno.test("a refused post holds back those behind it, in its room, until it comes again", () => {
  const holdback = new Holdback();
  assertEquals(refusal(holdback, "m1"), null);
  holdback.refused(post("m1"), 0);
  assertInstanceOf(refusal(holdback, "m2"), OverloadedError);
  assertEquals(refusal(holdback, "m2", { room: "other" }), null);
  assertEquals(refusal(holdback, "m1"), null);
  assertEquals(refusal(holdback, "m2"), null);
});

Deno.test("of several refused posts the first one must come again", () => {
  const holdback = new Holdback();
  holdback.refused(post("m1"), 0);
  holdback.refused(post("m2"), 0);
  assertInstanceOf(refusal(holdback, "m2"), OverloadedError);
  assertEquals(refusal(holdback, "m1"), null);
});

Deno.test("a refused post that was given up holds nothing back for long", () => {
  const holdback = new Holdback();
  holdback.refused(post("m1"), 0);
  assertInstanceOf(refusal(holdback, "m2", { now: HOLD_MS - 1 }), OverloadedError);
  assertEquals(refusal(holdback, "m2", { now: HOLD_MS }), null);
});
