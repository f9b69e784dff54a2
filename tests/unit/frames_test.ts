import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  ConflictError,
  InvalidError,
  NotFoundError,
  OverloadedError,
  RateLimitedError,
} from "../../lib/chat/errors.ts";
import { MAX_FRAMES, MAX_MESSAGE_BYTES, MAX_TEXT_CHARS } from "../../lib/chat/limits.ts";
import type { Command } from "../../lib/chat/commands.ts";
import { facts } from "../../lib/chat/facts.ts";
import { BadMessage, errorFrame, type Frame, readMessage } from "../../lib/live/frames.ts";

const PING = { type: "ping" };

function read(message: unknown): Frame[] {
  return readMessage(JSON.stringify(message));
}

/** The one error that answers a frame. */
function errorOf(frame: unknown) {
  const [first] = read(frame);
  assert("error" in first, `refused: ${JSON.stringify(frame)}`);
  facts.error.parse(first.error);
  return first.error;
}

function isGood(frame: unknown): boolean {
  return "command" in read(frame)[0];
}

Deno.test("a message is one frame or several", () => {
  assertEquals(read(PING).length, 1);
  assertEquals(read([PING, PING]).length, 2);
  assertEquals(read([]).length, 0);
  assertEquals(read(Array(MAX_FRAMES).fill(PING)).length, MAX_FRAMES);
});

Deno.test("a message that is too big, binary or not JSON is refused whole", () => {
  const bad = [new ArrayBuffer(4), new Uint8Array(4), new Blob(), null, undefined, 4, "", "{", "]"];
  for (const data of bad) {
    assertEquals(assertThrows(() => readMessage(data), BadMessage).tooBig, false);
  }
  assertThrows(() => read(Array(MAX_FRAMES + 1).fill(PING)), BadMessage);
  const largest = `"${"x".repeat(MAX_MESSAGE_BYTES - 2)}"`;
  assertEquals(readMessage(largest).length, 1);
  for (const big of [`${largest} `, `"${"é".repeat(MAX_MESSAGE_BYTES / 2)}"`]) {
    assertEquals(assertThrows(() => readMessage(big), BadMessage).tooBig, true);
  }
});

Deno.test("a bad frame between good ones is refused alone", () => {
  const kinds = read([PING, { type: "no" }, PING]).map((frame) => "command" in frame);
  assertEquals(kinds, [true, false, true]);
});

Deno.test("a type that is none is malformed, also when objects have something of that name", () => {
  for (const type of ["no", "toString", "constructor", "__proto__", "", 1, null, {}]) {
    assertEquals(errorOf({ type }).message, "unknown type");
  }
  for (const frame of [null, 1, "ping", [], [PING], {}]) {
    assertEquals(errorOf([frame].flat(0)).code, "malformed");
  }
});

Deno.test("posts are checked for text, id and room", () => {
  const post = { type: "post", room: "r", id: "i", text: "x" };
  assert(isGood(post), "premise: this one is good");
  assertEquals(errorOf({ ...post, text: " \n " }).code, "invalid");
  assertEquals(errorOf({ ...post, text: "x".repeat(MAX_TEXT_CHARS + 1) }).code, "invalid");
  assert(isGood({ ...post, text: "💥".repeat(MAX_TEXT_CHARS) }));
  assertEquals(errorOf({ ...post, text: "💥".repeat(MAX_TEXT_CHARS + 1) }).code, "invalid");
  assertEquals(errorOf({ ...post, text: "x".repeat(40_000) }).code, "invalid");
  for (const id of ["", "a b", "a/b", "é", 1, null]) {
    assertEquals(errorOf({ ...post, id }).code, "malformed");
    assertEquals(errorOf({ ...post, room: id }).code, "malformed");
  }
  assertEquals(errorOf({ ...post, by: "somebody" }).code, "malformed");
});

Deno.test("numbers are whole, not negative and safe", () => {
  for (const seq of [-1, 0.5, "1", null, true]) {
    assertEquals(errorOf({ type: "read", room: "r", seq }).code, "malformed");
    assertEquals(errorOf({ type: "hello", version: 1, cursors: { r: seq } }).code, "malformed");
    assertEquals(errorOf({ type: "open", ref: seq, with: "x" }).ref, undefined);
  }
});

Deno.test("cursors of a hello are limited and cannot reach a prototype", () => {
  const many = Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`r${n}`, 1]));
  assertEquals(errorOf({ type: "hello", version: 1, cursors: many }).code, "invalid");
  readMessage('{"type":"hello","version":1,"cursors":{"__proto__":5}}');
  assertEquals(Object.keys(Object.prototype), []);
});

Deno.test("an error names its frame as far as that can be trusted", () => {
  assertEquals(errorOf({ type: "no", ref: 3, id: "m", room: "r" }), {
    type: "error",
    code: "malformed",
    message: "unknown type",
    ref: 3,
    id: "m",
    room: "r",
  });
  const odd = errorOf({ type: "no", ref: -1, id: "x".repeat(101), room: {} });
  assertEquals([odd.ref, odd.id, odd.room], [undefined, undefined, undefined]);
});

Deno.test("errors have codes, and an unknown one says nothing of itself", () => {
  const command: Command = { type: "open", ref: 4, with: "x" };
  const codes: [Error, string][] = [
    [new NotFoundError("n"), "not_found"],
    [new InvalidError("i"), "invalid"],
    [new ConflictError("c"), "overloaded"],
    [new OverloadedError("o", 5), "overloaded"],
    [new RateLimitedError("r", 5.2), "rate_limited"],
    [new Error("secret"), "internal"],
    [new TypeError("secret"), "internal"],
  ];
  for (const [error, code] of codes) {
    const frame = errorFrame(error, command);
    facts.error.parse(frame);
    assertEquals([frame.code, frame.ref], [code, 4]);
    assertEquals(frame.message.includes("secret"), false);
  }
  assertEquals(errorFrame(new RateLimitedError("r", 5.2), command).retryAfterMs, 6);
});

Deno.test("whatever comes, there are frames or a BadMessage, and errors fit their schema", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.jsonValue().map(toFrame)), (data) => {
      try {
        for (const frame of readMessage(data)) {
          if ("error" in frame) facts.error.parse(frame.error);
        }
      } catch (error) {
        assert(error instanceof BadMessage, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});

/** Wraps a value so that it passes for a command of some type. */
function toFrame(value: unknown): string {
  const types = ["hello", "post", "history", "read", "people", "watch", "open", "ping"];
  const fields = typeof value === "object" ? value : { ref: value, room: value, text: value };
  return JSON.stringify(types.map((type) => ({ ...fields, type })));
}
