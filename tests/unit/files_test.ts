/** What files are called where they are not shown, and which may open in a browser. */

import { assertEquals } from "@std/assert";
import { kindOf, labelOf, opensInline, previewOfMessage } from "../../lib/chat/files.ts";
import { applyChange, lastAfter, lastOf } from "../../lib/chat/messages.ts";
import type { ChangeEvent, PostedEvent } from "../../lib/chat/events.ts";
import type { FileRef } from "../../lib/chat/file_refs.ts";

function file(type: string, more: Partial<FileRef> = {}): FileRef {
  return { id: "f", name: "a file.bin", type, size: 1, ...more };
}
const photo = file("image/jpeg", { width: 4, height: 3 });
const note = file("audio/webm", { waveform: [0, 100], duration: 1_000 });
const report = file("application/pdf", { name: "report.pdf" });

function posted(text: string, files?: FileRef[]): PostedEvent {
  return { type: "posted", seq: 1, at: 5, by: "ada", id: "a", posts: 1, text, files };
}
function change(event: { type: "deleted" } | { type: "edited"; text: string }): ChangeEvent {
  return { ...event, seq: 2, at: 6, by: "ada", id: "b", posts: 1, message: 1 };
}

Deno.test("a message of files alone is called by what they are", () => {
  assertEquals(labelOf([photo]), "📷 Photo");
  assertEquals(labelOf([photo, photo, photo]), "📷 3 photos");
  assertEquals(labelOf([file("video/mp4")]), "🎬 Video");
  assertEquals(labelOf([note]), "🎤 Voice note");
  assertEquals(labelOf([file("audio/mpeg", { name: "song.mp3" })]), "🎵 song.mp3");
  assertEquals(labelOf([report]), "📎 report.pdf");
  assertEquals(labelOf([report, report]), "📎 2 files");
  assertEquals(labelOf([photo, report]), "📎 2 files");
});

Deno.test("a text is the preview, whatever files there are", () => {
  assertEquals(previewOfMessage({ text: "**Look!**", files: [photo] }), "Look!");
  assertEquals(previewOfMessage({ text: "", files: [photo] }), "📷 Photo");
  assertEquals(previewOfMessage({ text: "" }), "");
});

Deno.test("what could run in the site's name never opens inline", () => {
  for (const type of ["text/html", "image/svg+xml", "text/plain", "constructor", ""]) {
    assertEquals([opensInline(type), kindOf({ type })], [false, "other"], type);
  }
  for (const type of ["image/png", "video/mp4", "audio/ogg", "application/pdf"]) {
    assertEquals(opensInline(type), true, type);
  }
});

Deno.test("a waveform makes a voice note of audio and of nothing else", () => {
  assertEquals(kindOf(note), "voice");
  assertEquals(kindOf(file("image/png", { waveform: [1] })), "image");
});

Deno.test("the last message of a room keeps what its files are called through edits", () => {
  const last = lastOf(posted("", [photo]));
  assertEquals([last.text, last.label], ["📷 Photo", "📷 Photo"]);
  const edited = lastAfter(last, change({ type: "edited", text: "Soup" }))!;
  assertEquals([edited.text, edited.label], ["Soup", "📷 Photo"]);
  const bare = lastAfter(last, change({ type: "edited", text: "" }))!;
  assertEquals(bare.text, "📷 Photo");
  const deleted = lastAfter(last, change({ type: "deleted" }))!;
  assertEquals([deleted.text, deleted.label, deleted.deleted], ["", undefined, true]);
  assertEquals(lastOf(posted("Soup")), { seq: 1, at: 5, by: "ada", text: "Soup" });
});

Deno.test("an edit keeps the files of a message, a deletion takes them", () => {
  const message = posted("", [photo]);
  assertEquals(applyChange(message, change({ type: "edited", text: "x" })).files, [photo]);
  assertEquals("files" in applyChange(message, change({ type: "deleted" })), false);
});
