/**
 * What the frames of `/api/ws`, forms and the API are made of: ids, places in a log, texts. On the
 * server only: the browser imports no zod.
 */

import { z } from "zod";
import { isEmoji } from "./emoji.ts";
import {
  MAX_DURATION_MS,
  MAX_FILES,
  MAX_ID_CHARS,
  MAX_LOUDNESS,
  MAX_QUERY_CHARS,
  MAX_ROOM_NAME_CHARS,
  MAX_SIDE,
  MAX_TEXT_CHARS,
  MAX_WAVEFORM,
} from "./limits.ts";
import {
  countChars,
  isVisible,
  normalizeFileName,
  normalizeRoomName,
  normalizeText,
} from "./text.ts";

/** An id of ours or of a client's making. */
export const opaqueId = z.string().regex(/^[A-Za-z0-9_-]+$/).max(MAX_ID_CHARS);
/** A place in a log, or 0 for before the first. */
export const seq = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** A number of the client's choice that its answer repeats. */
export const ref = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Where a page of a list ended, in words of the server's that the client repeats. */
export const cursor = z.string().max(400);
/** What a list of names is asked with, a page at a time. */
export const listQuery = {
  q: z.string().max(MAX_QUERY_CHARS, "is too long").optional(),
  after: cursor.optional(),
};

/** The text of a message with files: normalised, may be empty, at most `MAX_TEXT_CHARS`. */
export const captionText = z.string()
  .max(MAX_TEXT_CHARS * 4, "text is too long")
  .transform(normalizeText)
  .refine(
    (text) => countChars(text) <= MAX_TEXT_CHARS,
    `text is over ${MAX_TEXT_CHARS} characters`,
  );

/** A message's text as stored: normalised, not blank, at most `MAX_TEXT_CHARS`. */
export const messageText = captionText.refine((text) => text !== "", "text is empty");

/** Ids of finished uploads that a message takes with it. */
export const fileIds = z.array(opaqueId)
  .max(MAX_FILES, `a message takes ${MAX_FILES} files`)
  .refine((ids) => new Set(ids).size === ids.length, "a file is named twice");

/** What of a post says something: its text or its files. For `refine`. */
export function hasContent({ text, files }: { text: string; files?: readonly string[] }): boolean {
  return text !== "" || (files?.length ?? 0) > 0;
}
/** What is said of a post that {@link hasContent} refuses. */
export const NO_CONTENT = { error: "text is empty", path: ["text"] };

/** What somebody is writing: a message's text before it is one, so as it was typed. */
export const draftText = z.string()
  .max(MAX_TEXT_CHARS * 4, "text is too long")
  .transform((text) => text.toWellFormed())
  .refine(
    (text) => countChars(text) <= MAX_TEXT_CHARS,
    `text is over ${MAX_TEXT_CHARS} characters`,
  );

/** One emoji, in the form that is shown in colour. */
export const emojiText = z.string().refine(isEmoji, "is not one emoji");

/** A group's name as stored: one line that shows something, at most `MAX_ROOM_NAME_CHARS`. */
export const roomName = z.string()
  .max(MAX_ROOM_NAME_CHARS * 8, "is too long")
  .transform(normalizeRoomName)
  .refine(isVisible, "is empty")
  .refine(
    (name) => countChars(name) <= MAX_ROOM_NAME_CHARS,
    `is over ${MAX_ROOM_NAME_CHARS} characters`,
  );

const side = z.number().int().min(1).max(MAX_SIDE);
const loudness = z.number().int().min(0).max(MAX_LOUDNESS);

/** A file before it is sent, as its sender describes it. */
export const announcement = z.strictObject({
  name: z.string().max(1_000, "is too long").transform(normalizeFileName),
  type: z.string().max(200).default(""),
  size: z.number().int().min(1, "is 0: the file is empty").max(Number.MAX_SAFE_INTEGER),
  width: side.optional(),
  height: side.optional(),
  duration: z.number().int().min(0).max(MAX_DURATION_MS).optional(),
  waveform: z.array(loudness).max(MAX_WAVEFORM).optional(),
});
