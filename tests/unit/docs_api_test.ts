/** `docs/api.md` against the files of `routes/api`, the limits and the shapes of the answers. */

import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import * as limits from "../../lib/chat/limits.ts";
import { facts } from "../../lib/chat/facts.ts";
import { fileRef } from "../../lib/chat/fact_values.ts";
import { SESSION_MS } from "../../lib/store/sessions.ts";
import { codeBlocks, readPage, sections, tableOf } from "../helpers/docs.ts";
import { allowsAll } from "../helpers/permissions.ts";

const ROUTES = new URL("../../routes/api/", import.meta.url);
const ignore = !allowsAll;
const page = ignore ? "" : await readPage("docs/api.md");

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name: `docs/api.md ${name}`, ignore, fn });
}

/** Files below a folder, as paths from it. */
async function* filesOf(folder: URL, prefix = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory) yield prefix + name;
    else yield* filesOf(new URL(`${encodeURIComponent(name)}/`, folder), `${prefix}${name}/`);
  }
}

/** The address of a route's file. */
function pathOf(file: string): string {
  const path = file.replace(/\.tsx?$/, "").replace(/(^|\/)index$/, "");
  return `/api/${path}`.replace(/\[(\w+)\]/g, ":$1").replace(/\/$/, "");
}

/** `METHOD /path` of everything that `routes/api` answers. */
async function endpoints(): Promise<string[]> {
  const found: string[] = [];
  for await (const file of filesOf(ROUTES)) {
    const { handler } = await import(
      new URL(file.replace(/[[\]]/g, encodeURIComponent), ROUTES).href
    );
    assertEquals(typeof handler, "object", file);
    for (const method of Object.keys(handler)) found.push(`${method} ${pathOf(file)}`);
  }
  return found.sort();
}

/** The section of an endpoint. */
function sectionOf(endpoint: string): string {
  const section = page.split(/^### /m).find((part) => part.startsWith(`\`${endpoint}\``));
  assert(section, endpoint);
  return section;
}

test("describes every method of every route under /api, and nothing more", async () => {
  const headings = [...page.matchAll(/^### `([A-Z]+ \S+)`$/gm)].map(([, endpoint]) => endpoint);
  assertEquals(headings.sort(), await endpoints());
});

test("marks what strangers may use as routes/_middleware.ts does", async () => {
  const [, list] = /PUBLIC = new Set\(\[([^\]]*)\]\)/.exec(
    await readPage("routes/_middleware.ts"),
  )!;
  for (const endpoint of await endpoints()) {
    const isPublic = list.includes(`"${endpoint.split(" ")[1]}"`);
    assertEquals(/No\s+session\s+needed/.test(sectionOf(endpoint)), isPublic, endpoint);
  }
});

const upload = z.strictObject({
  id: z.string(),
  offset: z.number().int(),
  size: z.number().int(),
  expiresAt: z.number(),
  file: fileRef,
});

test("shows answers of the shapes that the server gives", () => {
  const { me } = facts.welcome.shape;
  const shapes: Record<string, z.ZodType> = {
    "GET /api/me": z.strictObject({ me }),
    "GET /api/people": facts.people.omit({ type: true, ref: true }),
    "GET /api/rooms": facts.welcome.pick({ rooms: true, more: true }),
    "GET /api/groups": facts.rooms.omit({ type: true, ref: true }),
    "GET /api/links/:link": z.strictObject({ room: facts.rooms.shape.rooms.element }),
    "GET /api/rooms/:room/members": facts.members.omit({ type: true, ref: true, room: true }),
    "GET /api/rooms/:room/events": facts.page.omit({ type: true, ref: true }),
    "GET /api/rooms/:room/pins": facts.pins.pick({ pins: true }),
    "POST /api/rooms/:room/posts": facts.ack.pick({ seq: true, at: true }),
    "POST /api/files": upload.omit({ file: true }),
    "PATCH /api/files/:id": upload,
    "GET /api/rooms/:room/receipts": facts.receipts.pick({ people: true }),
    "POST /api/rooms/:room/draft": facts.draft.pick({ text: true, reply: true, at: true }),
    "POST /api/rooms/:room/flags": facts.flags.pick({ muted: true, marked: true }),
    "POST /api/rooms/:room/read": facts.read.pick({ seq: true, unread: true, head: true }),
  };
  for (const [endpoint, shape] of Object.entries(shapes)) {
    const [example] = codeBlocks(sectionOf(endpoint), "json");
    shape.parse(JSON.parse(example));
  }
});

test("gives the numbers of the code", async () => {
  const known: [said: string, is: string | number][] = [
    ["lasts 30 days", `lasts ${SESSION_MS / 86_400_000} days`],
    ["1 to 100; 50 if absent", `1 to ${limits.MAX_PAGE_PEOPLE}; ${limits.PAGE_PEOPLE} if absent`],
    ["1 to 200; 50 if absent", `1 to ${limits.MAX_PAGE_EVENTS}; ${limits.PAGE_EVENTS} if absent`],
    ["1 to 50; 20 if absent", `1 to ${limits.MAX_PAGE_HITS}; ${limits.PAGE_HITS} if absent`],
    ["at most 200 characters", `at most ${limits.MAX_SEARCH_CHARS} characters`],
    ["at most 500.", `at most ${limits.MAX_PAGE_ROOMS}.`],
    ["2 to 32 letters", `${limits.MIN_USERNAME_CHARS} to ${limits.MAX_USERNAME_CHARS} letters`],
    ["8 to 256 code", `${limits.MIN_PASSWORD_CHARS} to ${limits.MAX_PASSWORD_CHARS} code`],
    ["at most 64 code points", `at most ${limits.MAX_NAME_CHARS} code points`],
    ["1 to 50; 50 if absent", `1 to ${limits.PAGE_SAVED}; ${limits.PAGE_SAVED} if absent`],
    ["one has 5,000", `one has ${limits.MAX_SAVED.toLocaleString("en")}`],
    ["25 MB", `${limits.DEFAULT_UPLOAD_BYTES / 1e6} MB`],
    ["It goes 24 hours", `It goes ${limits.UPLOAD_MS / 3_600_000} hours`],
    ["61,440", limits.MIN_PART_BYTES.toLocaleString("en")],
    ["737,280", limits.UPLOAD_PART_BYTES.toLocaleString("en")],
    ["at most 10;", `at most ${limits.MAX_FILES};`],
    ["100 code points are kept", `${limits.MAX_FILE_NAME_CHARS} code points are kept`],
    [
      "1 to 50; 30 if absent",
      `1 to ${limits.MAX_BROWSED_ROOMS}; ${limits.BROWSED_ROOMS} if absent`,
    ],
    ["ids, 1 to 200;", `ids, 1 to ${limits.MAX_ADDED};`],
    ["not blank, at most 64 code", `not blank, at most ${limits.MAX_ROOM_NAME_CHARS} code`],
    ["at most 8,000", `at most ${limits.MAX_TEXT_CHARS.toLocaleString("en")}`],
  ];
  for (const [said, is] of known) {
    assertEquals(said, is);
    assert(page.replace(/\s+/g, " ").includes(said), said);
  }
  const lines: [file: string, line: string][] = [
    ["lib/http.ts", "const MAX_BODY_BYTES = 128 * 1024;"],
    ["lib/config.ts", "SIGN_INS_PER_MINUTE: whole(1, 100_000).default(10)"],
    ["lib/config.ts", "POSTS_PER_SECOND: whole(1, 100_000).default(5)"],
    ["lib/live/rates.ts", "const POST_BURST = 60;"],
    ["lib/live/rates.ts", "const READ_BURST = 60;"],
    ["lib/live/rates.ts", "const READS_PER_SECOND = 20;"],
    ["lib/live/rates.ts", "const SEARCH_BURST = 30;"],
    ["lib/live/rates.ts", "const SEARCHES_PER_SECOND = 5;"],
    ["lib/store/buckets.ts", `name: "open", burst: 60, refillMs: 1_000`],
    ["lib/store/buckets.ts", `name: "create", burst: 20, refillMs: 60_000`],
    ["lib/store/buckets.ts", `name: "join", burst: 60, refillMs: 10_000`],
    ["lib/store/buckets.ts", `name: "invite", burst: 30, refillMs: 10_000`],
    ["lib/store/buckets.ts", `name: "manage", burst: 60, refillMs: 2_000`],
    ["lib/live/rates.ts", "const FETCH_BURST = 300;"],
    ["lib/live/rates.ts", "const FETCHES_PER_SECOND = 50;"],
    ["lib/store/buckets.ts", `name: "upload", burst: 60, refillMs: 1_000`],
    ["lib/live/transfers.ts", "export const MAX_PER_PERSON = 6;"],
    [
      "lib/config.ts",
      "UPLOAD_QUOTA_BYTES: whole(1, Number.MAX_SAFE_INTEGER).default(2_000_000_000)",
    ],
    ["lib/auth.ts", "burst: signInsPerMinute * 2, refillMs: 60_000 / signInsPerMinute"],
    ["lib/auth.ts", "refillMs: 120_000 / signInsPerMinute"],
  ];
  for (const [file, line] of lines) {
    assert((await readPage(file)).includes(line), `${file}: ${line}`);
  }
});

test("limits only what there is", async () => {
  const known = await endpoints();
  const rows = tableOf(sections(page).get("Limits")!, "what");
  assertEquals(rows.length, 15);
  for (const { what } of rows.slice(0, -1)) assert(known.includes(what), what);
});
