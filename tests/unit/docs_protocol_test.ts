/** `docs/protocol.md` against the schemas, the limits and the codes. */

import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { CloseCode, isFinal } from "../../lib/chat/close_codes.ts";
import * as limits from "../../lib/chat/limits.ts";
import { command, commands } from "../../lib/chat/commands.ts";
import { errorCodes, facts } from "../../lib/chat/facts.ts";
import { codeBlocks, readPage, sections, tableOf } from "../helpers/docs.ts";
import { allowsAll } from "../helpers/permissions.ts";

const ignore = !allowsAll;
const page = ignore ? "" : await readPage("docs/protocol.md");

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name: `docs/protocol.md ${name}`, ignore, fn });
}

/** A shape, from the page or from a schema: fields with `?` where optional, to their types. */
type Shape = string | { [field: string]: Shape } | Shape[];

const values = ignore ? new Map<string, string>() : sections(page, "Values");

/** The shape that a table of the page describes. */
function documented(section: string): Shape {
  const rows = tableOf(section, "field").map(({ field, type, optional }) => {
    assert(optional === "yes" || optional === "no", `${field} is optional: ${optional}`);
    return [field + (optional === "yes" ? "?" : ""), typeShape(type)];
  });
  return Object.fromEntries(rows);
}

function typeShape(type: string): Shape {
  if (type.endsWith(" or null")) return ["or null", typeShape(type.slice(0, -8))];
  if (type.endsWith("[]")) return ["list", typeShape(type.slice(0, -2))];
  if (type.startsWith("map of ")) return ["map", typeShape(type.slice(7))];
  if (type === "Event") return ["either", ...eventTypes().map(typeShape)];
  if (type === "Code") return ["one of", ...errorCodes];
  const words = tableOf(values.get("Words")!, "type").find((row) => row.type === type);
  if (words) {
    return [
      "one of",
      ...Object.values(words)[1].split(", ").map((word) => JSON.parse(word)),
    ];
  }
  const value = values.get(type);
  return value === undefined ? type : documented(value);
}

/** The values that an event is one of. */
function eventTypes(): string[] {
  return tableOf(values.get("Event")!, "type").map(({ value }) => value);
}

interface JsonSchema {
  type?: string | string[];
  const?: string | true;
  enum?: string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | false;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** The shape that a schema describes. */
function schemaShape(schema: z.ZodType): Shape {
  return jsonShape(z.toJSONSchema(schema, { io: "input" }) as JsonSchema);
}

function jsonShape(schema: JsonSchema): Shape {
  const { type, properties, required = [], items, additionalProperties } = schema;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.oneOf && schema.oneOf.length > 1) return ["either", ...schema.oneOf.map(jsonShape)];
  if (schema.enum) return ["one of", ...schema.enum];
  if (schema.oneOf?.length === 1) return jsonShape(schema.oneOf[0]);
  if (schema.anyOf) return ["or null", jsonShape(schema.anyOf[0])];
  if (Array.isArray(type)) return ["or null", type[0]];
  if (items) return ["list", jsonShape(items)];
  if (properties) {
    const fields = Object.entries(properties).map(([field, value]) => [
      field + (required.includes(field) ? "" : "?"),
      jsonShape(value),
    ]);
    return Object.fromEntries(fields);
  }
  return additionalProperties ? ["map", jsonShape(additionalProperties)] : type!;
}

function assertDocumented(heading: string, schemas: Record<string, z.ZodType>): void {
  const described = sections(page, heading);
  assertEquals([...described.keys()].sort(), Object.keys(schemas).sort());
  for (const [name, section] of described) {
    assertEquals(documented(section), schemaShape(schemas[name]), `${heading}: ${name}`);
  }
}

test("describes every command with every field, and nothing more", () => {
  assertDocumented("Commands", commands);
});

test("describes every fact with every field, and nothing more", () => {
  assertDocumented("Facts", facts);
});

test("describes no value that nothing uses", () => {
  for (const name of values.keys()) {
    const used = new RegExp(`\\| ${name}(\\[\\]| or null)? *\\|`).test(page);
    assert(used || name === "PersonLine" || name === "Words", name);
  }
});

test("lists the error codes", () => {
  const listed = tableOf(sections(page).get("Errors")!, "code").map(({ code }) => code);
  assertEquals(listed, [...errorCodes]);
});

test("lists the close codes and which are final", () => {
  const rows = tableOf(sections(page).get("Close codes")!, "code");
  const listed = rows.map(({ code, final }) => [Number(code), final]);
  const codes = Object.values(CloseCode).map((code) => [code, isFinal(code) ? "yes" : "no"]);
  assertEquals(listed.sort(), codes.sort());
});

test("gives the numbers of lib/chat/limits.ts", () => {
  const rows = tableOf(sections(page).get("Limits")!, "limit");
  assert(rows.length > 10);
  for (const { number, "name in lib/chat/limits.ts": name } of rows) {
    const limit = Object.entries(limits).find(([key]) => key === name);
    assertEquals(limit?.[1], Number(number.replaceAll(",", "")), name);
  }
});

test("gives the numbers that only the server knows", async () => {
  const known: [file: string, line: string][] = [
    ["lib/live/session.ts", "const FRAME_BURST = 300;"],
    ["lib/live/session.ts", "const FRAMES_PER_SECOND = 100;"],
    ["lib/live/rates.ts", "const READ_BURST = 60;"],
    ["lib/live/rates.ts", "const READS_PER_SECOND = 20;"],
    ["lib/live/rates.ts", "const POST_BURST = 60;"],
    ["lib/live/session.ts", "const MAX_PENDING = 1_000;"],
    ["lib/config.ts", "POSTS_PER_SECOND: whole(1, 100_000).default(5)"],
    ["lib/live/sockets.ts", "const HELLO_MS = 10_000;"],
    ["lib/live/sockets.ts", "const SILENCE_MS = 60_000;"],
    ["lib/live/sockets.ts", "const SWEEP_MS = 5_000;"],
    ["lib/live/sockets.ts", "const MAX_PER_PERSON = 30;"],
    ["lib/live/peer.ts", "export const MAX_BACKLOG_BYTES = 1024 * 1024;"],
    ["lib/live/presence.ts", "export const LEASE_MS = 30_000;"],
    ["lib/live/presence.ts", "export const LINGER_MS = 3_000;"],
  ];
  for (const [file, line] of known) {
    assert((await readPage(file)).includes(line), `${file} says no more: ${line}`);
  }
});

test("shows a session of valid frames", () => {
  const [session] = codeBlocks(sections(page).get("A session")!, "text");
  for (const line of session.trim().split("\n")) {
    const message = JSON.parse(line.slice(3));
    for (const frame of [message].flat()) {
      if (line.startsWith("C: ")) command.parse(frame);
      else facts[frame.type as keyof typeof facts].parse(frame);
    }
  }
});
