/**
 * Frames from the server, by `type`: what is so. The browser imports only types from here; outbound
 * frames are checked against these shapes in the tests. `docs/protocol.md` describes each.
 */

import { z } from "zod";
import {
  draft,
  memberLine,
  person,
  personLine,
  pin,
  presence,
  receipt,
  roomCard,
  roomEvent,
  roomSummary,
} from "./fact_values.ts";
import { ref, seq } from "./shapes.ts";

/** Codes of an `error` frame. */
export const errorCodes = [
  "malformed",
  "invalid",
  "not_found",
  "rate_limited",
  "overloaded",
  "internal",
] as const;
export type ErrorCode = typeof errorCodes[number];

/** Every fact, by its `type`. Outbound frames are checked against these in the tests. */
export const facts = {
  /** Answers `hello`. `more`: there are older rooms; `joined`: number of the newest account. */
  welcome: z.strictObject({
    type: z.literal("welcome"),
    version: z.number(),
    me: person,
    now: z.number(),
    joined: seq,
    rooms: z.array(roomSummary),
    more: z.boolean(),
  }),
  /** Answers one cursor of `hello`: the events after it. Not `contiguous`: ask on by `history`. */
  resumed: z.strictObject({
    type: z.literal("resumed"),
    room: z.string(),
    events: z.array(roomEvent),
    head: seq,
    contiguous: z.boolean(),
  }),
  /** New events of a room, in the order of its log. */
  events: z.strictObject({
    type: z.literal("events"),
    room: z.string(),
    events: z.array(roomEvent),
  }),
  /** The command with this client id is stored, at this place of its room. */
  ack: z.strictObject({
    type: z.literal("ack"),
    room: z.string(),
    id: z.string(),
    seq,
    at: z.number(),
  }),
  /** Answers `history`. */
  page: z.strictObject({
    type: z.literal("page"),
    ref,
    room: z.string(),
    events: z.array(roomEvent),
    head: seq,
    older: z.boolean(),
    newer: z.boolean(),
    quoted: z.array(roomEvent).optional(),
    people: z.array(person).optional(),
  }),
  /** Answers `versions`: the texts of a message, the first one first. */
  versions: z.strictObject({
    type: z.literal("versions"),
    ref,
    room: z.string(),
    message: seq,
    versions: z.array(z.strictObject({ at: z.number(), text: z.string() })),
  }),
  /** Answers `pins`: what is pinned in a room, the last pinned first. */
  pins: z.strictObject({
    type: z.literal("pins"),
    ref,
    room: z.string(),
    pins: z.array(pin),
  }),
  /** Answers `save`; without a `ref`: so it was said on another device, or on this one. */
  saved: z.strictObject({
    type: z.literal("saved"),
    ref: ref.optional(),
    room: z.string(),
    message: seq,
    on: z.boolean(),
  }),
  /** Answers `saves`: which messages of a room the viewer saved. */
  saves: z.strictObject({
    type: z.literal("saves"),
    ref,
    room: z.string(),
    messages: z.array(seq),
  }),
  /** Answers `people`. */
  people: z.strictObject({
    type: z.literal("people"),
    ref,
    people: z.array(personLine),
    next: z.string().nullable(),
  }),
  /** Answers `who`: those of them that exist. */
  who: z.strictObject({ type: z.literal("who"), ref, people: z.array(person) }),
  /** Answers `members`. */
  members: z.strictObject({
    type: z.literal("members"),
    ref,
    room: z.string(),
    members: z.array(memberLine),
    next: z.string().nullable(),
  }),
  /** Answers `browse`. */
  rooms: z.strictObject({
    type: z.literal("rooms"),
    ref,
    rooms: z.array(roomCard),
    next: z.string().nullable(),
  }),
  /** Answers `link`: the token of the group's link, `null` without one. */
  link: z.strictObject({
    type: z.literal("link"),
    ref,
    room: z.string(),
    link: z.string().nullable(),
  }),
  /** Answers what changes a group: it is so now, whether or not it was before. */
  done: z.strictObject({ type: z.literal("done"), ref, room: z.string() }),
  /** Answers `open`, `create` and `join`. */
  opened: z.strictObject({ type: z.literal("opened"), ref, room: roomSummary }),
  /** People have new accounts; the viewer may be among them. May be lost. */
  joined: z.strictObject({ type: z.literal("joined"), people: z.array(person), seq }),
  /** The viewer became a member of this room, on any device. */
  room: z.strictObject({ type: z.literal("room"), room: roomSummary }),
  /** The viewer is no member of this room any more, and hears nothing of it. */
  left: z.strictObject({ type: z.literal("left"), room: z.string() }),
  /** The viewer's read pointer as it is: it moved, on any device, or they asked. `unread` is right up to `head`. */
  read: z.strictObject({
    type: z.literal("read"),
    room: z.string(),
    seq,
    unread: z.number().int().min(0),
    head: seq,
  }),
  /** The viewer's flags of a room, after a change on any device; with `ref` it answers `flag`. */
  flags: z.strictObject({
    type: z.literal("flags"),
    ref: ref.optional(),
    room: z.string(),
    muted: z.boolean(),
    marked: z.boolean(),
  }),
  /** The viewer's draft in a room, after a change on any device; with `ref` it answers `draft`. */
  draft: z.strictObject({
    type: z.literal("draft"),
    ref: ref.optional(),
    room: z.string(),
    ...draft.shape,
  }),
  /** Members have come further, or, with `ref`: answers `receipts` with all. Without, may be lost. */
  receipts: z.strictObject({
    type: z.literal("receipts"),
    ref: ref.optional(),
    room: z.string(),
    people: z.array(receipt),
  }),
  /** The viewer changed their settings, on any device. */
  settings: z.strictObject({ type: z.literal("settings"), receipts: z.boolean() }),
  /** People that this socket watches: all of them after `watch`, then each change. */
  presence: z.strictObject({ type: z.literal("presence"), people: z.array(presence) }),
  /** Somebody else types in a room. May be lost. */
  typing: z.strictObject({ type: z.literal("typing"), room: z.string(), by: z.string() }),
  pong: z.strictObject({ type: z.literal("pong") }),
  /** A command failed: `ref` or `id` say which one, if it could be read. */
  error: z.strictObject({
    type: z.literal("error"),
    code: z.enum(errorCodes),
    message: z.string(),
    ref: ref.optional(),
    id: z.string().optional(),
    room: z.string().optional(),
    retryAfterMs: z.number().optional(),
  }),
};
type Facts = typeof facts;
/** A fact of one type. */
export type FactOf<T extends keyof Facts> = z.output<Facts[T]>;
/** A frame from the server. */
export type Fact = { [T in keyof Facts]: FactOf<T> }[keyof Facts];
