/**
 * What must be true of files once everything has ended, by a look at the logs and at what was
 * chosen: who may see a message can read its files, nobody else can, and nothing else is left.
 */

import { NotFoundError } from "../../lib/chat/errors.ts";
import type { FileRef } from "../../lib/chat/file_refs.ts";
import { openFile } from "../../lib/store/file_access.ts";
import type { Files } from "../../lib/store/file_stores.ts";
import { sweepFiles } from "../../lib/store/file_sweep.ts";
import type { BlobRecord, FileRecord, StorageRecord } from "../../lib/store/files.ts";
import { keys } from "../../lib/store/keys.ts";
import { CHUNK_BYTES } from "../../lib/store/kv_blobs.ts";
import { getRoomFor } from "../../lib/store/rooms.ts";
import { collect } from "../helpers/files.ts";
import { contentOf, isContent } from "./content.ts";
import { filesIn } from "./files.ts";
import { firstFor, roomsOf } from "./invariants.ts";
import { membershipIn } from "./membership.ts";
import { NowKv } from "./now_kv.ts";
import type { SimStore } from "./store.ts";
import type { Town } from "./town.ts";

/** A file of a message that was not deleted. */
interface Shown {
  room: string;
  seq: number;
  by: string;
  ref: FileRef;
}

/** By then an upload has expired, and after as long again no late request can bring bytes. */
const DAY_MS = 25 * 60 * 60 * 1000;

/** Sweeps on the days after, and answers what is wrong with what is left. */
export async function fileProblems(town: Town): Promise<string[]> {
  const { world, store, rules } = town;
  const files = filesIn(new NowKv(store), rules);
  for (let day = 0; day < 2; day++) {
    await world.advance(DAY_MS);
    await sweepFiles(files, world.clock);
  }
  const shown = roomsOf(town).flatMap((room) => shownIn(town, room));
  return [
    ...keyProblems(store, shown),
    ...byteProblems(store),
    ...quotaProblems(town, shown),
    ...await readProblems(town, files, shown),
  ];
}

function shownIn({ ledger }: Town, room: string): Shown[] {
  return ledger.log(room).flatMap((event) => {
    if (event.type !== "posted") return [];
    return (event.files ?? []).map((ref) => ({ room, seq: event.seq, by: event.by, ref }));
  });
}

/** A key for each file of a message and each content, and not one more. */
function keyProblems(store: SimStore, shown: readonly Shown[]): string[] {
  const hashOf = ({ ref: { id } }: Shown) => (store.get(keys.file(id)).value as FileRecord)?.hash;
  const due: Record<string, string[]> = {
    file: shown.map(({ ref }) => ref.id),
    file_use: shown.map(({ ref, room, seq }) => `${ref.id}/${room}/${seq}`),
    blob: shown.map((file) => String(hashOf(file))),
    blob_use: shown.map((file) => `${hashOf(file)}/${file.ref.id}`),
    upload_due: [],
    loose_file: [],
    trash: [],
    emptied: [],
  };
  return Object.entries(due).flatMap(([kind, names]) => differs(store, kind, names));
}

/** The pieces that blobs name, and the chunks of these. */
function byteProblems(store: SimStore): string[] {
  const blobs = store.list({ prefix: ["blob"] }).map(({ value }) => value as BlobRecord);
  const pieces = blobs.flatMap(({ size, layout: { blob, pieces, pieceBytes } }) =>
    pieces.map((piece, n) => ({
      name: `${blob}/${piece}`,
      chunks: Math.ceil(Math.min(pieceBytes, size - n * pieceBytes) / CHUNK_BYTES),
    }))
  );
  const chunks = pieces.flatMap(({ name, chunks }) =>
    Array.from({ length: chunks }, (_, n) => `${name}/${n}`)
  );
  return [
    ...differs(store, "piece", pieces.map(({ name }) => name)),
    ...differs(store, "chunk", chunks),
  ];
}

function differs(store: SimStore, kind: string, names: readonly string[]): string[] {
  const there = store.list({ prefix: [kind] }).map(({ key }) => key.slice(1).join("/"));
  const due = new Set(names);
  const extra = there.filter((name) => !due.delete(name));
  return [
    ...extra.map((name) => `${kind}/${name} is left`),
    ...[...due].map((name) => `${kind}/${name} is gone`),
  ];
}

/** What counts against a person are the files of their messages. */
function quotaProblems({ store, people, rules }: Town, shown: readonly Shown[]): string[] {
  return people.flatMap(({ id, username }) => {
    const own = new Map(shown.filter(({ by }) => by === id).map(({ ref }) => [ref.id, ref.name]));
    const bytes = [...own.values()].reduce((sum, name) => sum + contentOf(name).length, 0);
    const stored = store.get(keys.storage(id)).value as StorageRecord | null;
    if (bytes > rules.quotaBytes) return [`${username} has ${bytes}, more than is allowed`];
    const counted = stored?.bytes ?? 0;
    return counted === bytes ? [] : [`${username} has ${bytes} bytes, counted are ${counted}`];
  });
}

/** Who may see a message gets its files byte for byte, and nobody else gets anything. */
async function readProblems(town: Town, files: Files, shown: readonly Shown[]) {
  const problems: string[] = [];
  for (const file of shown) {
    const { room, seq, ref } = file;
    const log = town.ledger.log(room);
    for (const { id, username } of town.people) {
      const may = membershipIn(log, id).isMember && seq >= firstFor(town, room, id);
      const got = await read(files, file, id);
      const isRight = may ? got !== null && isContent(ref.name, got) : got === null;
      const what = `${got?.length ?? "no"} bytes of ${ref.name} in ${room} #${seq}`;
      if (!isRight) problems.push(`${username}, who may ${may ? "" : "not "}, gets ${what}`);
    }
  }
  return problems;
}

/** What a person gets by the route of a file. */
async function read(
  files: Files,
  { room, ref: { id } }: Shown,
  user: string,
): Promise<Uint8Array | null> {
  try {
    const place = await getRoomFor(files.kv, room, user);
    const file = await openFile(files, place, { user, id });
    return await collect(file.read({ start: 0, end: file.size }));
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
