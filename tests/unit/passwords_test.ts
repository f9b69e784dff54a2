import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { OverloadedError } from "../../lib/chat/errors.ts";
import { hashPassword, verifyPassword } from "../../lib/store/passwords.ts";

/** Runs with WebCrypto's derivations counted, with their parameters. */
async function countDerivations(run: () => Promise<unknown>): Promise<string[]> {
  const real = crypto.subtle.deriveBits;
  const work: string[] = [];
  crypto.subtle.deriveBits = (algorithm, key, length) => {
    const { nonce: _, ...cost } = algorithm as { nonce?: unknown };
    work.push(JSON.stringify([cost, length]));
    return real.call(crypto.subtle, algorithm, key, length);
  };
  try {
    await run();
  } finally {
    crypto.subtle.deriveBits = real;
  }
  return work;
}

Deno.test("a password is hashed with Argon2id, a new salt each time, as a PHC string", async () => {
  const [first, second] = [
    await hashPassword("correct horse"),
    await hashPassword("correct horse"),
  ];
  assertMatch(first, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assertNotEquals(first, second);
});

Deno.test("only the password itself verifies", async () => {
  const phc = await hashPassword("correct horse");
  assertEquals(await verifyPassword("correct horse", phc), true);
  for (const wrong of ["", "correct hors", "correct horse ", "Correct horse"]) {
    assertEquals(await verifyPassword(wrong, phc), false, wrong);
  }
});

Deno.test("a password verifies however its accents were typed", async () => {
  assertEquals(
    await verifyPassword("cafe\u0301 cafe\u0301", await hashPassword("café café")),
    true,
  );
});

Deno.test("an absent account costs the same work as a wrong password, and is never right", async () => {
  const phc = await hashPassword("correct horse");
  const wrong = await countDerivations(() => verifyPassword("wrong", phc));
  const absent = await countDerivations(async () => {
    for (const guess of ["wrong", "", "A"]) {
      assertEquals(await verifyPassword(guess, null), false);
    }
  });
  assertEquals(wrong.length, 1);
  assertEquals(absent, [...wrong, ...wrong, ...wrong]);
});

Deno.test("the cost is read from the stored string, so that it can be raised", async () => {
  const old = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQxMjM0NTY3OA$AAAAAAAAAAAAAAAAAAAAAA";
  const [work] = await countDerivations(() => verifyPassword("x", old));
  assertEquals(JSON.parse(work), [
    { name: "Argon2id", memory: 64, passes: 1, parallelism: 1 },
    128,
  ]);
});

Deno.test("a stored string that is no argon2id hash is an error and not a wrong password", async () => {
  for (const phc of ["", "plain", "$2b$10$abc", "$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA"]) {
    await assertRejects(() => verifyPassword("x", phc), Error, "PHC");
  }
});

Deno.test("a flood of sign-ins is refused beyond a bound, and the others are answered", async () => {
  const cheap = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQxMjM0NTY3OA$AAAAAAAAAAAAAAAAAAAAAA";
  const tries = Array.from({ length: 150 }, () => verifyPassword("x", cheap));
  const results = await Promise.allSettled(tries);
  const refused = results.flatMap((one) => one.status === "rejected" ? [one.reason] : []);
  assertEquals(refused.length, 48);
  assert(refused.every((error) => error instanceof OverloadedError));
  assertEquals(await verifyPassword("x", cheap), false);
});
