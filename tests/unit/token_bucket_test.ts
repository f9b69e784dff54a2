import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { type BucketState, takeToken } from "../../lib/chat/token_bucket.ts";

const limit = { burst: 3, refillMs: 100 };

/** Takes at each time; answers which were given. */
function takeAt(times: readonly number[], { burst, refillMs } = limit): boolean[] {
  let state: BucketState | null = null;
  return times.map((now) => {
    const taken: { state: BucketState; waitMs: number } = takeToken(
      state,
      { burst, refillMs },
      now,
    );
    state = taken.state;
    return taken.waitMs === 0;
  });
}

Deno.test("a full bucket gives its burst, then one for each refill", () => {
  assertEquals(takeAt([0, 0, 0, 0, 50, 99, 100, 101, 200]), [
    true,
    true,
    true,
    false,
    false,
    false,
    true,
    false,
    true,
  ]);
});

Deno.test("a bucket never holds more than its burst", () => {
  assertEquals(takeAt([0, 1e9, 1e9, 1e9, 1e9]), [true, true, true, true, false]);
});

Deno.test("after the wait that was named there is a token", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 1, max: 5_000 }),
    fc.float({ min: 0, max: Math.fround(0.99), noNaN: true }),
    (burst, refillMs, tokens) => {
      const { state, waitMs } = takeToken({ tokens, at: 0 }, { burst, refillMs }, 0);
      assert(waitMs > 0);
      assertEquals(takeToken(state, { burst, refillMs }, waitMs).waitMs, 0);
    },
  ));
});

Deno.test("a clock that runs back gives nothing and takes nothing", () => {
  assertEquals(takeAt([1_000, 1_000, 1_000, 0]), [true, true, true, false]);
});

Deno.test("in any time there are at most the burst and the refills of it", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 200 }),
    (times) => {
      const sorted = times.toSorted((a, b) => a - b);
      const given = takeAt(sorted).filter((is) => is).length;
      const span = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
      assertLessOrEqual(given, limit.burst + span / limit.refillMs);
    },
  ));
});
