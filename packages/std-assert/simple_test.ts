import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
  assertThrows,
  fail,
  unreachable,
} from "./mod.ts";

Deno.test("assert() passes on truthy, narrows, and throws on falsy", () => {
  const value: unknown = "text";
  assert(typeof value === "string");
  assertEquals(value.length, 4);
  for (const falsy of [false, 0, "", null, undefined, NaN]) {
    assertThrows(() => assert(falsy, "why"), AssertionError, "why");
  }
});

Deno.test("assertFalse() passes on falsy and throws on truthy", () => {
  for (const falsy of [false, 0, "", null, undefined, NaN]) assertFalse(falsy);
  for (const truthy of [true, 1, "a", {}, []]) {
    assertThrows(() => assertFalse(truthy, "why"), AssertionError, "why");
  }
});

Deno.test("AssertionError is an Error with a name and a cause", () => {
  const error = new AssertionError("text", { cause: 1 });
  assertInstanceOf(error, Error);
  assertEquals([error.name, error.message, error.cause], [
    "AssertionError",
    "text",
    1,
  ]);
});

Deno.test("fail() and unreachable() throw with and without a message", () => {
  assertThrows(() => fail(), AssertionError, "Failed assertion.");
  assertThrows(() => fail("why"), AssertionError, "Failed assertion: why");
  assertThrows(() => unreachable(), AssertionError, "Unreachable.");
  assertThrows(() => unreachable("why"), AssertionError, "Unreachable: why");
});

Deno.test("assertStringIncludes() passes on a part and throws on another text", () => {
  assertStringIncludes("parley", "arl");
  assertThrows(
    () => assertStringIncludes("parley", "x", "why"),
    AssertionError,
    'contain: "x": why',
  );
});

Deno.test("assertMatch() and assertNotMatch() are each other's opposite", () => {
  assertMatch("room-1", /^room-\d$/);
  assertNotMatch("room-x", /^room-\d$/);
  assertThrows(() => assertMatch("room-x", /\d/, "why"), AssertionError, "why");
  assertThrows(
    () => assertNotMatch("room-1", /\d/, "why"),
    AssertionError,
    "why",
  );
});

Deno.test("assertInstanceOf() narrows, takes abstract classes and throws on another class", () => {
  abstract class Shape {
    size = 2;
  }
  class Square extends Shape {}
  const value: unknown = new Square();
  assertInstanceOf(value, Shape);
  assertEquals(value.size, 2);
  assertThrows(
    () => assertInstanceOf(new Date(), RegExp),
    AssertionError,
    'was "Date"',
  );
  assertThrows(
    () => assertInstanceOf("x", RegExp, "why"),
    AssertionError,
    'was a "string": why',
  );
  for (const value of [null, undefined, () => {}, Object.create(null)]) {
    assertThrows(() => assertInstanceOf(value, RegExp), AssertionError);
  }
});

Deno.test("assertGreater() and its three sisters pass and throw at the boundary", () => {
  assertGreater(2, 1);
  assertThrows(
    () => assertGreater(1, 1, "why"),
    AssertionError,
    "Expect 1 > 1: why",
  );
  assertGreaterOrEqual(1, 1);
  assertThrows(
    () => assertGreaterOrEqual(0, 1),
    AssertionError,
    "Expect 0 >= 1.",
  );
  assertLess("a", "b");
  assertThrows(() => assertLess(1n, 1n), AssertionError, "Expect 1n < 1n.");
  assertLessOrEqual(new Date(1), new Date(1));
  assertThrows(
    () => assertLessOrEqual(NaN, 1),
    AssertionError,
    "Expect NaN <= 1.",
  );
});

Deno.test("assertAlmostEquals() passes within the tolerance and throws outside", () => {
  assertAlmostEquals(0.1 + 0.2, 0.3);
  assertAlmostEquals(1.05, 1, 0.1);
  assertAlmostEquals(NaN, NaN);
  assertAlmostEquals(0, 1e-8, 1e-7);
  assertAlmostEquals(-100_000_000, -100_000_001);
  assertThrows(
    () => assertAlmostEquals(1, 1.001),
    AssertionError,
    "to be close to",
  );
  assertThrows(
    () => assertAlmostEquals(1, 2, 0.5, "why"),
    AssertionError,
    "why",
  );
  assertThrows(() => assertAlmostEquals(NaN, 1), AssertionError);
  assertThrows(() => assertAlmostEquals(Infinity, 1), AssertionError);
});
