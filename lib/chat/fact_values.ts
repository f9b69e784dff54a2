/** The values in frames from the server: people, rooms, and what happens in rooms. See `facts.ts`. */

import { z } from "zod";
import { seq } from "./shapes.ts";

export const person = z.strictObject({ id: z.string(), username: z.string(), name: z.string() });
export const presence = z.strictObject({
  id: z.string(),
  online: z.boolean(),
  seenAt: z.number().nullable(),
});
const eventBase = { seq, at: z.number(), by: z.string(), id: z.string(), posts: z.number().int() };
const role = z.enum(["owner", "admin", "member"]);
const historyRule = z.enum(["all", "joined"]);
const reaction = z.strictObject({ emoji: z.string(), by: z.array(z.string()) });
/** A `FileRef`, also of the API. */
export const fileRef = z.strictObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  size: z.number().int(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  duration: z.number().int().optional(),
  waveform: z.array(z.number().int()).optional(),
});
const mentionState = {
  mentions: z.array(z.string()).optional(),
  all: z.literal(true).optional(),
};
const postedEvent = z.strictObject({
  type: z.literal("posted"),
  ...eventBase,
  text: z.string(),
  files: z.array(fileRef).optional(),
  reply: seq.optional(),
  ...mentionState,
  forwarded: z.strictObject({ by: z.string(), at: z.number() }).optional(),
  editedAt: z.number().optional(),
  deleted: z.literal(true).optional(),
  reactions: z.array(reaction).optional(),
  pinned: z.literal(true).optional(),
  changed: seq.optional(),
});
export const roomEvent = z.discriminatedUnion("type", [
  postedEvent,
  z.strictObject({
    type: z.literal("edited"),
    ...eventBase,
    message: seq,
    text: z.string(),
    ...mentionState,
  }),
  z.strictObject({ type: z.literal("deleted"), ...eventBase, message: seq }),
  z.strictObject({
    type: z.literal("reacted"),
    ...eventBase,
    message: seq,
    emoji: z.string(),
    on: z.boolean(),
  }),
  z.strictObject({ type: z.literal("pinned"), ...eventBase, message: seq, on: z.boolean() }),
  z.strictObject({
    type: z.literal("members"),
    ...eventBase,
    what: z.enum(["created", "added", "joined", "left", "removed"]),
    people: z.array(z.string()),
  }),
  z.strictObject({ type: z.literal("role"), ...eventBase, person: z.string(), role }),
  z.strictObject({
    type: z.literal("configured"),
    ...eventBase,
    name: z.string().optional(),
    picture: z.string().nullable().optional(),
    image: z.string().optional(),
    public: z.boolean().optional(),
    history: historyRule.optional(),
  }),
]);
const lastPost = z.strictObject({
  seq,
  at: z.number(),
  by: z.string(),
  text: z.string(),
  label: z.string().optional(),
  deleted: z.literal(true).optional(),
  changed: seq.optional(),
});
const group = z.strictObject({
  name: z.string(),
  picture: z.string().optional(),
  image: z.string().optional(),
  memberCount: z.number().int().min(0),
  role,
  public: z.boolean(),
  history: historyRule,
  from: seq,
  joinedAt: z.number(),
  changed: seq,
});
export const draft = z.strictObject({ text: z.string(), reply: seq.optional(), at: z.number() });
export const roomSummary = z.strictObject({
  id: z.string(),
  kind: z.enum(["direct", "group"]),
  members: z.array(person),
  group: group.optional(),
  createdAt: z.number(),
  head: seq,
  last: lastPost.nullable(),
  read: seq,
  unread: z.number().int().min(0),
  muted: z.literal(true).optional(),
  marked: z.literal(true).optional(),
  draft: draft.optional(),
  pins: z.number().int().min(1).optional(),
  mentions: z.array(seq).optional(),
});
export const personLine = z.strictObject({ ...person.shape, ...presence.shape });
export const memberLine = z.strictObject({ ...personLine.shape, role });
export const roomCard = z.strictObject({
  id: z.string(),
  name: z.string(),
  picture: z.string().optional(),
  image: z.string().optional(),
  memberCount: z.number().int().min(0),
  member: z.boolean(),
});
export const pin = z.strictObject({ by: z.string(), at: z.number(), message: postedEvent });

export const receipt = z.strictObject({
  by: z.string(),
  delivered: seq,
  read: seq,
  from: seq.optional(),
  hidden: z.literal(true).optional(),
});
