import { assert, assertEquals, assertThrows } from "@std/assert";
import { computed, Signal, signal } from "@preact/signals";
import { revive } from "../src/client/revive.ts";
import { checkProps, islandData } from "../src/render/serialize.ts";

const island = { name: "A", exportName: "default", chunk: "A.js", imports: [] };

function data(...props: Record<string, unknown>[]) {
  return islandData(props.map((each) => ({ island, props: each })));
}

function roundTrip(...props: Record<string, unknown>[]) {
  const { r } = data(...props);
  assert(r !== undefined);
  return revive(r);
}

Deno.test("islandData() leaves plain props as JSON", () => {
  assertEquals(data({ a: [1, "x", null, { b: true }], c: undefined }).r, undefined);
});

Deno.test("islandData() carries what JSON cannot", () => {
  const props = {
    date: new Date(5),
    map: new Map([["k", new Set([1])]]),
    url: new URL("https://example.com/"),
    big: 9n,
    bytes: new Uint8Array([1, 2]),
    regex: /a/g,
    numbers: [NaN, -0, Infinity],
    nothing: [undefined],
  };
  assertEquals(roundTrip(props), [props]);
});

Deno.test("islandData() keeps one signal one, across islands", () => {
  const shared = signal({ n: 1 });
  const [a, b] = roundTrip({ s: shared }, { s: shared, list: [shared] });
  assert(a.s instanceof Signal);
  assert(a.s === b.s && (b.list as unknown[])[0] === a.s);
  assertEquals(a.s.value, { n: 1 });
});

Deno.test("islandData() carries a signal with a false value, and a computed one", () => {
  const source = signal(false);
  const [props] = roundTrip({ off: source, not: computed(() => !source.value) });
  assertEquals((props.off as Signal).value, false);
  assertEquals((props.not as Signal).value, true);
  assertThrows(() => (props.not as Signal).value = false);
});

Deno.test("islandData() keeps shared and circular objects", () => {
  const shared = { n: 1 };
  const circle: Record<string, unknown> = { shared };
  circle.self = circle;
  const [{ a, b }] = roundTrip({ a: circle, b: shared });
  const copy = a as Record<string, unknown>;
  assert(copy.self === copy && copy.shared === b);
});

Deno.test("checkProps() names the prop and island of what it cannot send", () => {
  class Custom {}
  const cases: [unknown, RegExp][] = [
    [() => {}, /prop "x" of island "A".*function/],
    [{ deep: [signal(() => {})] }, /prop "x" of island "A".*function/],
    [Symbol("s"), /symbol/],
    [new Custom(), /object \(Custom\)/],
    [Promise.resolve(), /object \(Promise\)/],
  ];
  for (const [x, message] of cases) {
    const error = assertThrows(() => checkProps({ island, props: { x } }), TypeError);
    assert(message.test(error.message), error.message);
  }
});
