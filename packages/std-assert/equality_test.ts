import {
  assert,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertFalse,
  AssertionError,
  assertNotEquals,
  assertObjectMatch,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  equal,
} from "./mod.ts";

class Point {
  constructor(readonly x: number) {}
}

const same: [unknown, unknown][] = [
  [1, 1],
  [NaN, NaN],
  ["a", "a"],
  [[1, [2]], [1, [2]]],
  [{ a: 1, b: { c: [2] } }, { b: { c: [2] }, a: 1 }],
  [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  [new Date(5), new Date(5)],
  [new Date(NaN), new Date(NaN)],
  [/a/g, /a/g],
  [new URL("http://a.example/"), new URL("http://a.example")],
  [new Map([[{ k: 1 }, [1]]]), new Map([[{ k: 1 }, [1]]])],
  [new Map([["a", 1], ["b", 2]]), new Map([["b", 2], ["a", 1]])],
  [new Set([{ a: 1 }, { b: 2 }]), new Set([{ b: 2 }, { a: 1 }])],
  [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
  [new Uint8Array([1, 2]).buffer, new Uint8Array([1, 2]).buffer],
  [new Error("x"), new Error("x")],
  [new Point(1), new Point(1)],
];

const different: [unknown, unknown][] = [
  [1, "1"],
  [0, -0],
  [null, undefined],
  [{}, { a: undefined }],
  [{ a: undefined }, { b: undefined }],
  [[1, 2], [1, 2, 3]],
  [new Array(1), new Array(2)],
  [[1], { 0: 1 }],
  [new Date(5), new Date(6)],
  [/a/g, /a/i],
  [new URL("http://a.example/"), new URL("http://b.example")],
  [new Map([["a", 1]]), new Map([["a", 2]])],
  [new Set([[1], [1]]), new Set([[1], [2]])],
  [new Uint8Array([1, 2]), new Uint8Array([1, 3])],
  [new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
  [new DataView(new ArrayBuffer(1)), new DataView(new ArrayBuffer(2))],
  [new Error("x"), new Error("y")],
  [new Error("x"), new TypeError("x")],
  [new Point(1), { x: 1 }],
  [{ [Symbol.for("a")]: 1 }, { [Symbol.for("a")]: 2 }],
  [() => 1, () => 1],
  [new WeakMap(), new WeakMap()],
  [Promise.resolve(1), Promise.resolve(1)],
];

Deno.test("equal() tells same from different, both ways round", () => {
  for (const [a, b] of same) {
    assert(equal(a, b) && equal(b, a), Deno.inspect([a, b]));
  }
  for (const [a, b] of different) {
    assertFalse(equal(a, b) || equal(b, a), Deno.inspect([a, b]));
  }
});

Deno.test("equal() follows cycles", () => {
  const ring = (value: number) => {
    const node: Record<string, unknown> = { value };
    node.self = node;
    return node;
  };
  assert(equal(ring(1), ring(1)));
  assertFalse(equal(ring(1), ring(2)));
});

Deno.test("assertEquals() passes on equal values and throws on others", () => {
  for (const [a, b] of same) assertEquals(a, b);
  for (const [a, b] of different) {
    assertThrows(() => assertEquals(a, b), AssertionError);
  }
});

Deno.test("assertEquals() shows a line diff and the caller's message", () => {
  const error = assertThrows(
    () =>
      assertEquals(
        { a: 1, b: [1, 2], c: 3 },
        { a: 1, b: [1, 4], c: 3 },
        "the room",
      ),
    AssertionError,
    "Values are not equal: the room",
  );
  assertStringIncludes(error.message, "      1,\n-     2,\n+     4,\n");
  assertStringIncludes(error.message, "    a: 1,\n");
});

Deno.test("assertEquals() compares long texts line by line", () => {
  const error = assertThrows(
    () => assertEquals("a\nb\nc", "a\nc\nd"),
    AssertionError,
  );
  assertStringIncludes(error.message, "  a\n- b\n  c\n+ d");
});

Deno.test("assertEquals() says so when different values print alike", () => {
  assertThrows(
    () => assertEquals(() => 1, () => 1),
    AssertionError,
    "look the same",
  );
});

Deno.test("assertNotEquals() passes on different values and throws on equal ones", () => {
  for (const [a, b] of different) assertNotEquals(a, b);
  for (const [a, b] of same) {
    assertThrows(() => assertNotEquals(a, b), AssertionError);
  }
});

Deno.test("assertStrictEquals() passes on the same value and throws on a copy", () => {
  const list: unknown = ["a"];
  const typed = ["a"];
  assertStrictEquals(NaN, NaN);
  assertThrows(
    () => assertStrictEquals(list, typed),
    AssertionError,
    "not reference-equal",
  );
  assertThrows(
    () => assertStrictEquals(1, 2, "why"),
    AssertionError,
    "not strictly equal: why",
  );
  const value: unknown = typed;
  assertStrictEquals(value, typed);
  assertEquals(value[0].length, 1);
});

Deno.test("assertExists() passes on falsy values and throws on null and undefined", () => {
  const found: string | undefined = ["", "x"].find((text) => text === "");
  assertExists(found);
  assertEquals(found.length, 0);
  assertExists(0);
  assertThrows(
    () => assertExists(null),
    AssertionError,
    '"null" to not be null',
  );
  assertThrows(() => assertExists(undefined, "why"), AssertionError, "why");
});

Deno.test("assertArrayIncludes() passes when all are there and names the missing", () => {
  assertArrayIncludes([{ a: 1 }, { a: 2 }, { a: 3 }], [{ a: 3 }, { a: 1 }]);
  assertArrayIncludes(new Uint8Array([1, 2]), [2]);
  const error = assertThrows(
    () => assertArrayIncludes([1, 2], [2, 9], "why"),
    AssertionError,
  );
  assertStringIncludes(error.message, "missing: [\n  9,\n]");
  assertStringIncludes(error.message, "why");
});

interface Room {
  id: string;
  members: { id: string; at: Date }[];
}

Deno.test("assertObjectMatch() passes on a part at every depth and throws on a difference", () => {
  const room: Room = { id: "r1", members: [{ id: "ann", at: new Date(1) }] };
  assertObjectMatch({ room, more: 1 }, { room: { members: [{ id: "ann" }] } });
  assertObjectMatch({ at: new Date(1) }, { at: new Date(1) });
  const refused = [{ id: "r2" }, { nope: undefined }, { members: [] }, {
    members: { 0: {} },
  }, {
    members: [{ at: new Date(2) }],
  }];
  for (const expected of refused) {
    assertThrows(
      () => assertObjectMatch({ ...room }, expected),
      AssertionError,
    );
  }
  assertThrows(
    () => assertObjectMatch({ a: new Map([[1, 2]]) }, { a: new Map() }),
    AssertionError,
  );
});

Deno.test("assertObjectMatch() follows cycles", () => {
  const ring: Record<string, unknown> = { a: 1, b: 2 };
  ring.self = ring;
  const expected: Record<string, unknown> = { a: 1 };
  expected.self = expected;
  assertObjectMatch(ring, expected);
  assertThrows(
    () => assertObjectMatch({ ...ring, a: 2 }, expected),
    AssertionError,
  );
});
