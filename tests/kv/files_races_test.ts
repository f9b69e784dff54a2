/**
 * The last message of a file against a new one, on two instances: whatever happens at once, a
 * message that is there shows a file that is there, and what nothing shows is gone.
 */

import { assert, assertEquals } from "@std/assert";
import { NotFoundError } from "../../lib/chat/errors.ts";
import { MAX_FILES, MAX_REACTIONS, MAX_TEXT_CHARS } from "../../lib/chat/limits.ts";
import { applyChange } from "../../lib/chat/messages.ts";
import type { StoredMessage } from "../../lib/store/drafts.ts";
import { copyFile, openFile } from "../../lib/store/file_access.ts";
import { cancelUpload, sweepFiles } from "../../lib/store/file_sweep.ts";
import { keys } from "../../lib/store/keys.ts";
import {
  appenderOf,
  assertBytes,
  auditFiles,
  collect,
  deleteMessage,
  fileKeys,
  filesIn,
  keysByKind,
  pngOf,
  postFiles,
  upload,
} from "../helpers/files.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { createPair } from "../helpers/people.ts";

const ROUNDS = 12;
const DAYS_MS = 2 * 24 * 60 * 60 * 1000;

function race(name: string, run: (one: Deno.Kv, other: Deno.Kv) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !allowsFiles,
    async fn() {
      await using file = await kvFile(2);
      await run(file.kvs[0], file.kvs[1]);
    },
  });
}

/** All of them at once; answers what was refused. Anything but `NotFoundError` is a failure. */
async function atOnce(...doings: (() => Promise<unknown>)[]): Promise<number> {
  const results = await Promise.allSettled(doings.map((doing) => doing()));
  const refused = results.flatMap((one) => one.status === "rejected" ? [one.reason] : []);
  for (const error of refused) assert(error instanceof NotFoundError, String(error));
  return refused.length;
}

race("the last message is deleted while its author posts the file again", async (one, other) => {
  const { ada, ben, room } = await createPair(one);
  const [files, others] = [filesIn(one), filesIn(other)];
  const [here, there] = [appenderOf(one), appenderOf(other)];
  const where = { room: room.id, by: ada.id };
  let kept = 0;
  for (let n = 0; n < ROUNDS; n++) {
    const id = await upload(files, ada.id, pngOf(500, n + 1));
    const { seq } = await postFiles(here, { ...where, files: [id] });
    const refused = await atOnce(
      () => deleteMessage(here, { ...where, message: seq }).then(() => sweepFiles(files)),
      () => postFiles(there, { ...where, files: [id] }),
      () => sweepFiles(others),
    );
    assertEquals(await auditFiles(one), []);
    if (refused) continue;
    kept++;
    const file = await openFile(others, room, { user: ben.id, id });
    assertBytes(await collect(file.read({ start: 0, end: 500 })), pngOf(500, n + 1));
  }
  await sweepFiles(files, Date.now() + DAYS_MS);
  assertEquals((await fileKeys(one)).file ?? 0, kept);
});

race("content loses its last message while somebody uploads the same", async (one, other) => {
  const { ada, ben, room } = await createPair(one);
  const [files, others] = [filesIn(one), filesIn(other)];
  const [here, there] = [appenderOf(one), appenderOf(other)];
  for (let n = 0; n < ROUNDS; n++) {
    const bytes = pngOf(70_000, n + 1);
    const id = await upload(files, ada.id, bytes);
    const { seq } = await postFiles(here, { room: room.id, by: ada.id, files: [id] });
    const where = { room: room.id, by: ada.id, message: seq };
    const [copy] = await Promise.all([
      upload(others, ben.id, bytes),
      deleteMessage(here, where).then(() => sweepFiles(files)),
      sweepFiles(others),
    ]);
    await postFiles(there, { room: room.id, by: ben.id, files: [copy] });
    await sweepFiles(files, Date.now() + DAYS_MS);
    const file = await openFile(files, room, { user: ada.id, id: copy });
    assertBytes(await collect(file.read({ start: 0, end: bytes.length })), bytes);
  }
  assertEquals(await auditFiles(one), []);
  const { file, blob, piece } = await fileKeys(one);
  assertEquals([file, blob, piece], [ROUNDS, ROUNDS, ROUNDS]);
});

race(
  "two people delete the last two messages with the same content at once",
  async (one, other) => {
    const { ada, ben, room } = await createPair(one);
    const [files, others] = [filesIn(one), filesIn(other)];
    const [here, there] = [appenderOf(one), appenderOf(other)];
    for (let n = 0; n < ROUNDS; n++) {
      const bytes = pngOf(500, n + 1);
      const ids = [await upload(files, ada.id, bytes), await upload(files, ben.id, bytes)];
      const mine = await postFiles(here, { room: room.id, by: ada.id, files: [ids[0]] });
      const yours = await postFiles(here, { room: room.id, by: ben.id, files: [ids[1]] });
      await Promise.all([
        deleteMessage(here, { room: room.id, by: ada.id, message: mine.seq })
          .then(() => sweepFiles(files)),
        deleteMessage(there, { room: room.id, by: ben.id, message: yours.seq })
          .then(() => sweepFiles(others)),
      ]);
      await sweepFiles(files);
    }
    await sweepFiles(files, Date.now() + DAYS_MS);
    assertEquals(await fileKeys(one), {});
    assertEquals((await keysByKind(one)).trash, undefined);
  },
);

race("a file is forwarded while its message is deleted", async (one, other) => {
  const { ada, ben, room } = await createPair(one);
  const [files, others] = [filesIn(one), filesIn(other)];
  const [here, there] = [appenderOf(one), appenderOf(other)];
  for (let n = 0; n < ROUNDS; n++) {
    const id = await upload(files, ada.id, pngOf(500, n + 1));
    const { seq } = await postFiles(here, { room: room.id, by: ada.id, files: [id] });
    await atOnce(
      () =>
        deleteMessage(here, { room: room.id, by: ada.id, message: seq }).then(() =>
          sweepFiles(files)
        ),
      () =>
        copyFile(others, room, { user: ben.id, id })
          .then((copy) => postFiles(there, { room: room.id, by: ben.id, files: [copy] })),
    );
    assertEquals(await auditFiles(one), []);
  }
});

race("an upload is cancelled while it is posted", async (one, other) => {
  const { ada, room } = await createPair(one);
  const there = appenderOf(other);
  const files = filesIn(one);
  for (let n = 0; n < ROUNDS; n++) {
    const id = await upload(files, ada.id, pngOf(500, n + 1));
    await atOnce(
      () => cancelUpload(files, ada.id, id),
      () => postFiles(there, { room: room.id, by: ada.id, files: [id] }),
    );
    assertEquals(await auditFiles(one), []);
  }
});

race("many rooms' posts with files and deletions go through two instances", async (one, other) => {
  const { ada, ben, room } = await createPair(one);
  const files = [filesIn(one), filesIn(other)];
  const appenders = [appenderOf(one), appenderOf(other)];
  await Promise.all(Array.from({ length: 16 }, async (_, n) => {
    const by = n % 2 ? ada.id : ben.id;
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      ids.push(await upload(files[i % 2], by, pngOf(300, (n + i) % 5 + 1)));
    }
    const { seq } = await postFiles(appenders[n % 2], { room: room.id, by, files: ids });
    if (n % 4 < 2) await deleteMessage(appenders[(n + 1) % 2], { room: room.id, by, message: seq });
    await sweepFiles(files[n % 2]);
  }));
  await sweepFiles(files[0], Date.now() + DAYS_MS);
  assertEquals(await auditFiles(one), []);
  const { file, file_use, loose_file } = await fileKeys(one);
  assertEquals([file, file_use, loose_file], [24, 24, undefined]);
});

Deno.test("posts and deletions with files stay within what one commit may check and change", async () => {
  using kv = await freshKv();
  const { ada, room } = await createPair(kv);
  const files = filesIn(kv);
  const appender = appenderOf(kv);
  const ids: string[] = [];
  for (let n = 0; n < MAX_FILES; n++) ids.push(await upload(files, ada.id, pngOf(20, n + 1)));
  const posts = await Promise.all(
    Array.from(
      { length: 150 },
      () => postFiles(appender, { room: room.id, by: ada.id, files: ids }),
    ),
  );
  await Promise.all(
    posts.map(({ seq }) => deleteMessage(appender, { room: room.id, by: ada.id, message: seq })),
  );
  await sweepFiles(files);
  await sweepFiles(files, Date.now() + DAYS_MS);
  assertEquals(await fileKeys(kv), {});
});

Deno.test("the largest message with files, text and reactions fits into one value", async () => {
  using kv = await freshKv();
  const name = `${"💥".repeat(87)}…${"💥".repeat(12)}`;
  const files = Array.from({ length: MAX_FILES }, () => ({
    id: "x".repeat(16),
    name,
    type: "application/octet-stream",
    size: 999_999_999,
    width: 65_535,
    height: 65_535,
    duration: 86_400_000,
    waveform: Array(64).fill(100),
  }));
  let message: StoredMessage = {
    type: "posted",
    seq: 1,
    at: Date.now(),
    by: "x".repeat(16),
    id: "x".repeat(64),
    posts: 1,
    text: "💥".repeat(MAX_TEXT_CHARS),
    reply: 1,
    files,
    edits: Array.from({ length: 50 }, (_, n) => n + 1_000_000),
  };
  for (let n = 0; n < MAX_REACTIONS; n++) {
    const by = `person-${String(n).padStart(9, "0")}`;
    const emoji = String.fromCodePoint(0x1f600 + n % 20);
    const event = { type: "reacted", seq: n + 2, at: 1, by, id: "r", posts: 1 } as const;
    message = applyChange(message, { ...event, message: 1, emoji, on: true });
  }
  await kv.set(keys.entry(["room", "r"], 1), message);
});
