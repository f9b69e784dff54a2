/**
 * The last message of a file against a new one, on two instances: whatever happens at once, a
 * message that is there shows a file that is there, and what nothing shows is gone.
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { NotFoundError } from "../../lib/chat/errors.ts";
import { MAX_FILES, MAX_REACTIONS, MAX_TEXT_CHARS } from "../../lib/chat/limits.ts";
import { applyChange } from "../../lib/chat/messages.ts";
import type { StoredMessage } from "../../lib/store/drafts.ts";
import { copyFile, openFile } from "../../lib/store/file_access.ts";
import { cancelUpload, sweepFiles } from "../../lib/store/file_sweep.ts";
import { removeUnused } from "../../lib/store/files.ts";
import { keys } from "../../lib/store/keys.ts";
import { appendUpload, createUpload } from "../../lib/store/uploads.ts";
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
  streamOf,
  upload,
} from "../helpers/files.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { createPair } from "../helpers/people.ts";
import { stubKv } from "../helpers/stub_kv.ts";

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

/** A handle whose first commit waits until `meanwhile` is done. */
function interrupted(kv: Deno.Kv, meanwhile: () => Promise<unknown>): Deno.Kv {
  let isFirst = true;
  return stubKv(kv, {
    async commit(_, run) {
      if (isFirst) {
        isFirst = false;
        await meanwhile();
      }
      return await run();
    },
  });
}

/** A file in a message; `free` deletes the message and notes the file, but sweeps nothing. */
async function shared(kv: Deno.Kv, seed = 1) {
  const { ada, ben, room } = await createPair(kv);
  const files = filesIn(kv);
  const appender = appenderOf(kv);
  const id = await upload(files, ada.id, pngOf(500, seed));
  const place = { room: room.id, by: ada.id };
  const { seq } = await postFiles(appender, { ...place, files: [id] });
  return {
    ada: ada.id,
    ben: ben.id,
    room,
    files,
    appender,
    id,
    place,
    free: () => deleteMessage(appender, { ...place, message: seq }),
  };
}

Deno.test("a file that is posted after its uses were counted is not removed", async () => {
  using kv = await freshKv();
  const { files, appender, room, place, ben, id, free } = await shared(kv);
  await free();
  const post = () => postFiles(appender, { ...place, files: [id] });
  assertEquals(await removeUnused(interrupted(kv, post), id), false);
  assertEquals((await openFile(files, room, { user: ben, id })).size, 500);
  assertEquals(await auditFiles(kv), []);
});

Deno.test("a file that was removed after a post looked for it is not posted", async () => {
  using kv = await freshKv();
  const { place, id, free } = await shared(kv);
  await free();
  const slow = appenderOf(interrupted(kv, () => removeUnused(kv, id)));
  await assertRejects(() => postFiles(slow, { ...place, files: [id] }), NotFoundError, "gone");
  assertEquals(await auditFiles(kv), []);
});

Deno.test("content that is uploaded again after its uses were counted stays", async () => {
  using kv = await freshKv();
  const { files, ben, id, free } = await shared(kv);
  await free();
  let copy = "";
  const uploads = async () => void (copy = await upload(files, ben, pngOf(500)));
  await removeUnused(interrupted(kv, uploads), id);
  await sweepFiles(files);
  assertEquals((await fileKeys(kv)).piece, 1);
  assertEquals((await kv.get<{ by: string }>(keys.file(copy))).value?.by, ben);
  assertEquals(await auditFiles(kv), []);
});

Deno.test("content that went after an upload looked for it is kept by the upload", async () => {
  using kv = await freshKv();
  const { files, ben, id, free } = await shared(kv);
  await free();
  const state = await createUpload(files, ben, { name: "a", type: "", size: 500 });
  let commits = 0;
  const slow = stubKv(kv, {
    async commit(_, run) {
      if (++commits === 3) await removeUnused(kv, id).then(() => sweepFiles(files));
      return await run(); // the third, after the piece and its entry, is the end of the upload
    },
  });
  await appendUpload(filesIn(slow), ben, { id: state.id, offset: 0, body: streamOf(pngOf(500)) });
  assert(commits >= 4, "premise: the end was refused once");
  await sweepFiles(files);
  assertEquals((await fileKeys(kv)).piece, 1);
  assertEquals(await auditFiles(kv), []);
});

Deno.test("two files that are removed at once take their common content with them", async () => {
  using kv = await freshKv();
  const { files, ben, id, free } = await shared(kv);
  const copy = await upload(files, ben, pngOf(500));
  await free();
  await removeUnused(interrupted(kv, () => removeUnused(kv, copy)), id);
  await sweepFiles(files);
  assertEquals([(await fileKeys(kv)).blob, (await fileKeys(kv)).piece], [undefined, undefined]);
  assertEquals(await auditFiles(kv), []);
});

Deno.test("a file whose message is deleted while it is being forwarded is not forwarded", async () => {
  using kv = await freshKv();
  const { room, ben, id, free } = await shared(kv);
  const slow = filesIn(interrupted(kv, free));
  await assertRejects(() => copyFile(slow, room, { user: ben, id }), NotFoundError);
  assertEquals(await auditFiles(kv), []);
});

Deno.test("a deletion that is noted while the file is looked at is not forgotten", async () => {
  using kv = await freshKv();
  const { files, place, appender, id, free } = await shared(kv);
  const { seq } = await postFiles(appender, { ...place, files: [id] });
  await free();
  const again = () => deleteMessage(appender, { ...place, message: seq });
  await sweepFiles(filesIn(interrupted(kv, again))); // it saw the file used by the other message
  await sweepFiles(files);
  assertEquals((await fileKeys(kv)).file, undefined);
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
  const reacted = message.reactions?.flatMap(({ by }) => by) ?? [];
  assertEquals(reacted.length, MAX_REACTIONS, "premise: no reaction was left out");
  await kv.set(keys.entry(["room", "r"], 1), message);
});
