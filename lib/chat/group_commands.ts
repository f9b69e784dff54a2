/**
 * Commands about groups, by `type`; part of `commands.ts`. What they change is stored as events of
 * the room's log; each says what shall be, so that sending it twice changes nothing.
 */

import { z } from "zod";
import { MAX_ADDED, MAX_BROWSED_ROOMS, MAX_PAGE_PEOPLE } from "./limits.ts";
import { emojiText, listQuery, opaqueId, ref, roomName } from "./shapes.ts";

const historyRule = z.enum(["all", "joined"]);
/** A role that a member is given; the API takes the same. */
export const memberRole = z.enum(["owner", "admin", "member"]);
/** Whom a group is created with, or gets; the API takes the same. */
export const addedPeople = z.array(opaqueId).max(MAX_ADDED);

/** What a group is made of; the API takes the same. */
export const newGroup = {
  /** Made by the client: a group that is created twice under it is created once. */
  id: opaqueId,
  name: roomName,
  people: addedPeople,
  picture: emojiText.optional(),
  public: z.boolean().optional(),
  history: historyRule.optional(),
};

/** What of a group may be set; the API takes the same. */
export const groupSettings = {
  name: roomName.optional(),
  picture: emojiText.nullable().optional(),
  public: z.boolean().optional(),
  history: historyRule.optional(),
};

const change = { ref, room: opaqueId };

/** The commands, by `type`. */
export const groupCommands = {
  create: z.strictObject({ type: z.literal("create"), ref, ...newGroup }),
  configure: z.strictObject({ type: z.literal("configure"), ...change, ...groupSettings }),
  add: z.strictObject({ type: z.literal("add"), ...change, people: addedPeople.min(1) }),
  remove: z.strictObject({ type: z.literal("remove"), ...change, person: opaqueId }),
  leave: z.strictObject({ type: z.literal("leave"), ...change }),
  role: z.strictObject({
    type: z.literal("role"),
    ...change,
    person: opaqueId,
    role: memberRole,
  }),
  link: z.strictObject({
    type: z.literal("link"),
    ...change,
    /** Make another, or none; without it the present one is told. */
    set: z.enum(["new", "none"]).optional(),
  }),
  join: z.strictObject({
    type: z.literal("join"),
    ref,
    room: opaqueId.optional(),
    link: opaqueId.optional(),
  }).refine(({ room, link }) => (room === undefined) !== (link === undefined), "name room or link"),
  members: z.strictObject({
    type: z.literal("members"),
    ...change,
    ...listQuery,
    limit: z.number().int().min(1).max(MAX_PAGE_PEOPLE).optional(),
  }),
  browse: z.strictObject({
    type: z.literal("browse"),
    ref,
    ...listQuery,
    limit: z.number().int().min(1).max(MAX_BROWSED_ROOMS).optional(),
  }),
};
