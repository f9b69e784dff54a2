/**
 * Frames from the client, by `type`: what it wants done. A WebSocket message of `/api/ws` holds one
 * frame (an object) or several (an array), as JSON text. What the server says is in `facts.ts`.
 *
 * The browser imports only types from here, so zod stays on the server. `docs/protocol.md`
 * describes each frame, and a test keeps the two equal.
 */

import { z } from "zod";
import { groupCommands } from "./group_commands.ts";
import {
  MAX_CURSORS,
  MAX_PAGE_EVENTS,
  MAX_PAGE_PEOPLE,
  MAX_WATCHED_PEOPLE,
  MAX_WHO,
} from "./limits.ts";
import {
  captionText,
  draftText,
  emojiText,
  fileIds,
  hasContent,
  listQuery,
  NO_CONTENT,
  opaqueId,
  ref,
  seq,
} from "./shapes.ts";

/** Version that a `hello` names. A server that speaks another closes with `BAD_VERSION`. */
export const PROTOCOL_VERSION = 1;

const hello = z.strictObject({
  type: z.literal("hello"),
  version: z.number().int(),
  /** For each room the client holds events of: the `seq` of the newest. */
  cursors: z.record(opaqueId, seq).optional()
    .refine((map) => !map || Object.keys(map).length <= MAX_CURSORS, "too many cursors"),
});

const post = z.strictObject({
  type: z.literal("post"),
  room: opaqueId,
  id: opaqueId,
  text: captionText,
  /** The message that this one answers. */
  reply: seq.optional(),
  /** Uploads of the sender's. */
  files: fileIds.optional(),
}).refine(hasContent, NO_CONTENT);

/** What a change of a message names; `id` is the change's own. */
const change = { room: opaqueId, id: opaqueId, message: seq };

const edit = z.strictObject({
  type: z.literal("edit"),
  ...change,
  /** Empty only if the message has files: decided where it is stored. */
  text: captionText,
});

const remove = z.strictObject({
  type: z.literal("delete"),
  ...change,
});

const react = z.strictObject({
  type: z.literal("react"),
  ...change,
  emoji: emojiText,
  on: z.boolean(),
});

/** Posts what another message says, as it is there. */
const forward = z.strictObject({
  type: z.literal("forward"),
  room: opaqueId,
  id: opaqueId,
  from: z.strictObject({ room: opaqueId, message: seq }),
});

/** Pins a message in its room, or takes it down. */
const pin = z.strictObject({
  type: z.literal("pin"),
  ...change,
  on: z.boolean(),
});

const pins = z.strictObject({ type: z.literal("pins"), ref, room: opaqueId });

/** Saves a message for the viewer alone, or no longer. */
const save = z.strictObject({
  type: z.literal("save"),
  ref,
  room: opaqueId,
  message: seq,
  on: z.boolean(),
});

const saves = z.strictObject({ type: z.literal("saves"), ref, room: opaqueId });

const history = z.strictObject({
  type: z.literal("history"),
  ref,
  room: opaqueId,
  before: seq.optional(),
  after: seq.optional(),
  around: seq.optional(),
  limit: z.number().int().min(1).max(MAX_PAGE_EVENTS).optional(),
}).refine(
  ({ before, after, around }) => [before, after, around].filter((s) => s !== undefined).length < 2,
  "before, after and around exclude",
);

const read = z.strictObject({ type: z.literal("read"), room: opaqueId, seq });

const people = z.strictObject({
  type: z.literal("people"),
  ref,
  ...listQuery,
  limit: z.number().int().min(1).max(MAX_PAGE_PEOPLE).optional(),
});

const watch = z.strictObject({
  type: z.literal("watch"),
  people: z.array(opaqueId).max(MAX_WATCHED_PEOPLE),
});

const who = z.strictObject({
  type: z.literal("who"),
  ref,
  people: z.array(opaqueId).min(1).max(MAX_WHO),
});

const open = z.strictObject({ type: z.literal("open"), ref, with: opaqueId });

const versions = z.strictObject({ type: z.literal("versions"), ref, room: opaqueId, message: seq });

const typing = z.strictObject({ type: z.literal("typing"), room: opaqueId });

const attention = z.strictObject({ type: z.literal("attention"), focused: z.boolean() });
const draft = z.strictObject({
  type: z.literal("draft"),
  ref,
  room: opaqueId,
  text: draftText,
  reply: seq.optional(),
});

const receipts = z.strictObject({ type: z.literal("receipts"), ref, room: opaqueId });

const flag = z.strictObject({
  type: z.literal("flag"),
  ref,
  room: opaqueId,
  muted: z.boolean().optional(),
  marked: z.boolean().optional(),
});

const ping = z.strictObject({ type: z.literal("ping") });

/** Every command, by its `type`. */
export const commands = {
  hello,
  post,
  edit,
  delete: remove,
  react,
  pin,
  forward,
  history,
  versions,
  pins,
  save,
  saves,
  read,
  people,
  who,
  watch,
  open,
  ...groupCommands,
  typing,
  attention,
  draft,
  receipts,
  flag,
  ping,
};

type AnyCommand = typeof commands[keyof typeof commands];
export const command = z.discriminatedUnion(
  "type",
  Object.values(commands) as [AnyCommand, ...AnyCommand[]],
);
/** A command as the server holds it, after validation. */
export type Command = z.output<typeof command>;
/** A command of one type. */
export type CommandOf<T extends Command["type"]> = Extract<Command, { type: T }>;
