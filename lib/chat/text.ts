/**
 * Pure rules for what people type: messages, usernames, names and filters. The browser counts and
 * trims with the same functions as the server, so both agree on every limit.
 */

import {
  MAX_FILE_NAME_CHARS,
  MAX_NAME_CHARS,
  MAX_PREVIEW_CHARS,
  MAX_USERNAME_CHARS,
  MIN_USERNAME_CHARS,
} from "./limits.ts";

/** Controls other than tab and newline; they can hide text or break terminals and logs. */
// deno-lint-ignore no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Bidirectional embeddings, overrides and isolates: in a name they can reorder what surrounds it. */
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
/** Accents of Latin, Greek and Cyrillic; the marks of other scripts carry vowels and stay. */
const ACCENTS = /[\u0300-\u036f]/g;
/** Default ignorable code points: fillers, joiners, variation selectors. They show nothing. */
const UNSEEN = /\p{DI}/u;
/** The same, and the blank of Braille. */
const INVISIBLE = /[\p{DI}\u2800]/gu;

/** Length in Unicode code points, the unit of all text limits. */
export function countChars(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** A message as it is stored: well-formed, `\n` line ends, no controls, no blank edges. */
export function normalizeText(text: string): string {
  return text.toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(CONTROLS, "")
    .replace(/^(?:[^\S\n]*\n)+/, "")
    .trimEnd();
}

/** The form of a username that must be unique: compatibility-normalised and case-folded. */
export function foldUsername(username: string): string {
  return fold(username.trim());
}

/** Whether somebody may be called so. Give it the folded form. */
export function isUsername(folded: string): boolean {
  const length = countChars(folded);
  return length >= MIN_USERNAME_CHARS && length <= MAX_USERNAME_CHARS &&
    /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u.test(folded) && !UNSEEN.test(folded);
}

/** Why a username cannot be used, or `null` when it can. Give it the folded form. */
export function usernameProblem(folded: string): string | null {
  if (isUsername(folded)) return null;
  const length = countChars(folded);
  if (length < MIN_USERNAME_CHARS) return `Use at least ${MIN_USERNAME_CHARS} characters.`;
  if (length > MAX_USERNAME_CHARS) return `Use at most ${MAX_USERNAME_CHARS} characters.`;
  return "Use letters, digits, dots, dashes and underscores, and begin with a letter or digit.";
}

/** A display name as it is stored: one line, no controls, single spaces; may be empty. */
export function normalizeName(name: string): string {
  return [...oneLine(name)].slice(0, MAX_NAME_CHARS).join("").trim();
}

/** A group's name as it is stored: made as a display name is, but never cut. */
export function normalizeRoomName(name: string): string {
  return oneLine(name);
}

function oneLine(name: string): string {
  return name.toWellFormed().normalize("NFC")
    .replace(/\s+/g, " ").replace(CONTROLS, "").replace(BIDI_CONTROLS, "").trim();
}

/**
 * A file's name as it is stored: one line, without folders and without what could disguise its
 * ending. A long name loses of its middle, so that the ending stays.
 */
export function normalizeFileName(name: string): string {
  const [base] = name.toWellFormed().normalize("NFC").split(/[/\\]/).slice(-1);
  const line = base.replace(/\s+/g, " ").replace(CONTROLS, "").replace(BIDI_CONTROLS, "").trim();
  if (!isVisible(line) || /^\.+$/.test(line)) return "file";
  const chars = [...line];
  if (chars.length <= MAX_FILE_NAME_CHARS) return line;
  return [...chars.slice(0, MAX_FILE_NAME_CHARS - 13), "…", ...chars.slice(-12)].join("");
}

/** Whether a name shows anything at all. */
export function isVisible(name: string): boolean {
  return name.replace(INVISIBLE, "").trim() !== "";
}

/** Folded for ordering and filtering: case, width and accents do not matter. */
export function foldName(name: string): string {
  return foldAccents(name).trim();
}

/** As {@link foldName}, with the edges as they are. */
export function foldAccents(text: string): string {
  return fold(text).normalize("NFD").replace(ACCENTS, "").normalize("NFC");
}

/** The words of a name that a filter may begin with. */
export function nameTerms(name: string): string[] {
  return [...new Set(foldName(name).split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== ""))];
}

/** Whether each term begins some word of a person's names. */
export function matchesTerms(
  { name, username }: { name: string; username: string },
  terms: readonly string[],
): boolean {
  const words = nameTerms(`${name} ${username}`);
  return terms.every((term) => words.some((word) => word.startsWith(term)));
}

/** All of a message in one line without markup. */
export function lineOf(text: string): string {
  return text.replace(/```[^\n]*\n?/g, "").replace(/^>\s?/gm, "")
    .replace(/(\*\*|~~|`)/g, "").replace(/\s+/g, " ").trim();
}

/** A line that is not too long for a preview, else its beginning and an ellipsis. */
export function cutLine(line: string): string {
  if (line.length <= MAX_PREVIEW_CHARS) return line;
  const chars = [...line.slice(0, 2 * MAX_PREVIEW_CHARS + 1)];
  return chars.length <= MAX_PREVIEW_CHARS
    ? line
    : chars.slice(0, MAX_PREVIEW_CHARS - 1).join("") + "…";
}

/**
 * Unicode default case folding, nearly: lower, upper, lower also joins ß and ẞ with ss and ſ with s.
 * The final sigma is one with the others, so that the beginning of a word matches the whole.
 */
function fold(text: string): string {
  return text.toWellFormed().normalize("NFKC").toLowerCase().toUpperCase().toLowerCase()
    .normalize("NFKC").replaceAll("ς", "σ");
}
