/**
 * Forwarding: a message of one room posted in another as it is there, in the words of its author and
 * with their name. The server takes both from the log, so nobody can put words into a mouth; its
 * files become the forwarder's own, without their bytes being stored twice.
 */

import { InvalidError } from "../chat/errors.ts";
import type { FileRef } from "../chat/file_refs.ts";
import { getAcks } from "../store/dedupe.ts";
import type { Ack, PostedDraft } from "../store/drafts.ts";
import { copyFile } from "../store/file_access.ts";
import type { RoomRecord } from "../store/rooms.ts";
import { getMessage } from "../store/versions.ts";
import { checkVisible } from "../store/viewing.ts";
import type { RoomCache } from "./room_cache.ts";

/** What is forwarded, and where it goes. */
export interface Forward {
  room: string;
  id: string;
  from: { room: string; message: number };
}

/** What it needs of the program. */
export interface ForwardingOptions {
  kv: Deno.Kv;
  rooms: RoomCache;
  /** Bytes of all files of one person. */
  quotaBytes: number;
}

export class Forwarding {
  readonly #options: ForwardingOptions;

  constructor(options: ForwardingOptions) {
    this.#options = options;
  }

  /**
   * What a person's forward appends, or the ack of what it appended before, whatever became of the
   * message since. Throws `NotFoundError` for a message that they may not see, `InvalidError` for a
   * deleted one. Whether they may post to the target is for the caller to check.
   */
  async draftOf({ room, id, from }: Forward, by: string): Promise<PostedDraft | Ack> {
    const { kv, rooms } = this.#options;
    const [ack] = await getAcks(kv, [{ room, by, id }]);
    if (ack) return ack;
    const source = await rooms.getFor(from.room, by);
    checkVisible(source, by, from.message);
    const message = await getMessage(kv, source.id, from.message);
    if (message.deleted) throw new InvalidError("This message was deleted.");
    const { text, files = [], forwarded = { by: message.by, at: message.at } } = message;
    const copies = await this.#copy(source, by, files);
    const base = { type: "posted", room, id, by, text, forwarded } as const;
    return copies.length > 0 ? { ...base, files: copies } : base;
  }

  async #copy(room: RoomRecord, user: string, files: readonly FileRef[]): Promise<string[]> {
    const { kv, quotaBytes } = this.#options;
    const copies: string[] = [];
    for (const { id } of files) {
      copies.push(await copyFile({ kv, limits: { quotaBytes } }, room, { user, id }));
    }
    return copies;
  }
}
