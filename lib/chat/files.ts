/**
 * Files as they are told of: which open inline, what a message of nothing but files is called.
 * One rule for lists, quotes, notifications and screen readers, on both sides.
 */

import { previewOf } from "./preview.ts";
import { cutLine } from "./text.ts";
import type { MessageState } from "./events.ts";
import type { FileRef } from "./file_refs.ts";

/** What a file is shown as. */
export type FileKind = "image" | "video" | "audio" | "voice" | "pdf" | "other";

const KINDS: Readonly<Record<string, FileKind>> = {
  "image/png": "image",
  "image/jpeg": "image",
  "image/gif": "image",
  "image/webp": "image",
  "image/avif": "image",
  "video/mp4": "video",
  "video/quicktime": "video",
  "video/webm": "video",
  "audio/mp4": "audio",
  "audio/mpeg": "audio",
  "audio/ogg": "audio",
  "audio/wav": "audio",
  "audio/flac": "audio",
  "audio/webm": "audio",
  "application/pdf": "pdf",
};

/** What a file is shown as; everything but `other` may be opened inline. */
export function kindOf({ type, waveform }: Pick<FileRef, "type" | "waveform">): FileKind {
  const kind = opensInline(type) ? KINDS[type] : "other";
  return waveform && kind === "audio" ? "voice" : kind;
}

/** Whether the file may be opened in the browser; anything else is only saved. */
export function opensInline(type: string): boolean {
  return Object.hasOwn(KINDS, type);
}

const ONE: Record<FileKind, (name: string) => string> = {
  image: () => "📷 Photo",
  video: () => "🎬 Video",
  voice: () => "🎤 Voice note",
  audio: (name) => `🎵 ${name}`,
  pdf: (name) => `📎 ${name}`,
  other: (name) => `📎 ${name}`,
};
const MANY: Partial<Record<FileKind, string>> = {
  image: "📷 # photos",
  video: "🎬 # videos",
  voice: "🎤 # voice notes",
};

/** Files in a few words: `📷 Photo`, `📷 3 photos`, `📎 report.pdf`, `📎 2 files`. */
export function labelOf(files: readonly FileRef[]): string {
  const [first] = files;
  if (files.length === 1) return cutLine(ONE[kindOf(first)](first.name));
  const kinds = new Set(files.map(kindOf));
  const label = kinds.size === 1 ? MANY[kindOf(first)] : undefined;
  return (label ?? "📎 # files").replace("#", String(files.length));
}

/** A message on one line: its text, or what its files are called. */
export function previewOfMessage({ text, files }: Pick<MessageState, "text" | "files">): string {
  return previewOf(text) || (files ? labelOf(files) : "");
}
