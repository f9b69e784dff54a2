import { assertEquals, AssertionError, assertRejects, assertThrows } from "./mod.ts";

class CodeError extends Error {
  constructor(readonly code: number, message: string) {
    super(message);
  }
}

function thrower(value: unknown): () => never {
  return () => {
    throw value;
  };
}

Deno.test("assertThrows() returns what was thrown, typed by the class", () => {
  const error = assertThrows(
    thrower(new CodeError(7, "no room")),
    CodeError,
    "room",
  );
  assertEquals(error.code, 7);
  assertEquals(assertThrows(thrower("text")), "text");
});

Deno.test("assertThrows() throws when nothing, the wrong class or the wrong message comes", () => {
  assertThrows(
    () => assertThrows(() => 1),
    AssertionError,
    "Expected function to throw.",
  );
  assertThrows(
    () => assertThrows(() => 1, "why"),
    AssertionError,
    "to throw: why",
  );
  const wrongClass = () => assertThrows(thrower(new Error("x")), TypeError, "x", "why");
  const error = assertThrows(
    wrongClass,
    AssertionError,
    'of "TypeError", but was "Error": why',
  );
  assertEquals(error.cause, new Error("x"));
  const wrongMessage = () => assertThrows(thrower(new Error("x")), Error, "y");
  assertThrows(wrongMessage, AssertionError, 'include "y", but got "x".');
  assertThrows(
    () => assertThrows(thrower("text"), Error),
    AssertionError,
    "non-Error",
  );
});

Deno.test("assertRejects() answers the reason, typed by the class", async () => {
  const reject = () => Promise.reject(new CodeError(7, "no room"));
  assertEquals((await assertRejects(reject, CodeError, "room")).code, 7);
  assertEquals(await assertRejects(() => Promise.reject("text")), "text");
});

Deno.test("assertRejects() rejects when nothing, the wrong class or message comes", async () => {
  const fulfil = () => Promise.resolve(1);
  const reject = () => Promise.reject(new Error("x"));
  await assertRejects(
    () => assertRejects(fulfil),
    AssertionError,
    "Expected function to reject.",
  );
  await assertRejects(
    () => assertRejects(fulfil, "why"),
    AssertionError,
    "to reject: why",
  );
  await assertRejects(
    () => assertRejects(reject, TypeError),
    AssertionError,
    '"TypeError"',
  );
  await assertRejects(
    () => assertRejects(reject, Error, "y"),
    AssertionError,
    'include "y"',
  );
});

Deno.test("assertRejects() does not take a synchronous throw for a rejection", async () => {
  const error = await assertRejects(
    () => assertRejects(thrower(new Error("x"))),
    AssertionError,
    "throws when expected to reject",
  );
  assertEquals(error.cause, new Error("x"));
});
