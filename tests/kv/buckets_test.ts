import { assert, assertEquals, assertRejects } from "@std/assert";
import { RateLimitedError } from "../../lib/chat/errors.ts";
import { resetBucket, takeFromBucket } from "../../lib/store/buckets.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";

const limit = { name: "test", burst: 3, refillMs: 60_000 };

Deno.test("a bucket gives its burst and then says how long to wait", async () => {
  using kv = await freshKv();
  for (let n = 0; n < limit.burst; n++) await takeFromBucket(kv, limit, "ada");
  const error = await assertRejects(() => takeFromBucket(kv, limit, "ada"), RateLimitedError);
  assert(error.retryAfterMs > 59_000 && error.retryAfterMs <= 60_000);
  await takeFromBucket(kv, limit, "ben");
  await takeFromBucket(kv, { ...limit, name: "other" }, "ada");
});

Deno.test("a bucket refills with time, to its burst and not above", async () => {
  using kv = await freshKv();
  const fast = { name: "fast", burst: 2, refillMs: 1_000 };
  const now = Date.now();
  await kv.set(["bucket", "fast", "ada"], { tokens: 0, at: now - 1_500 });
  await takeFromBucket(kv, fast, "ada");
  await assertRejects(() => takeFromBucket(kv, fast, "ada"), RateLimitedError);
  await kv.set(["bucket", "fast", "ada"], { tokens: 1, at: now - 1_000_000 });
  await takeFromBucket(kv, fast, "ada");
  await takeFromBucket(kv, fast, "ada");
  await assertRejects(() => takeFromBucket(kv, fast, "ada"), RateLimitedError);
});

Deno.test("resetBucket() forgets the tries so far", async () => {
  using kv = await freshKv();
  for (let n = 0; n < limit.burst; n++) await takeFromBucket(kv, limit, "ada");
  await resetBucket(kv, limit, "ada");
  await takeFromBucket(kv, limit, "ada");
});

Deno.test({
  name: "two instances share a bucket under concurrency",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    const shared = { name: "shared", burst: 10, refillMs: 60_000 };
    const tries = Array.from(
      { length: 16 },
      (_, n) => takeFromBucket(file.kvs[n % 2], shared, "ada"),
    );
    const results = await Promise.allSettled(tries);
    assertEquals(results.filter(({ status }) => status === "fulfilled").length, 10);
  },
});
