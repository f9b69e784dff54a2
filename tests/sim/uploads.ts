/**
 * A tab's road for files: the requests of `docs/api.md` as one instance or another obeys them. Any
 * of them can be lost on its way, its answer too, and a part can break off.
 */

import { InvalidError, NotFoundError } from "../../lib/chat/errors.ts";
import { FileDesk } from "../../lib/client/files/desk.ts";
import { type Part, UploadError, type UploadTransport } from "../../lib/client/files/transfer.ts";
import { Uploads } from "../../lib/client/files/uploads.ts";
import type { PendingFile } from "../../lib/client/files/pending_file.ts";
import type { DeskWorld } from "../../lib/client/files_model.ts";
import type { Clock, Lock } from "../../lib/client/ports.ts";
import { alive } from "../../lib/live/transfers.ts";
import { cancelUpload } from "../../lib/store/file_sweep.ts";
import { appendUpload, createUpload, getUpload } from "../../lib/store/uploads.ts";
import { SimFile } from "./content.ts";
import type { Parts, SimInstance } from "./instance.ts";

/** What a tab sends at a time: more than the least that a server takes. */
const PART_BYTES = 80_000;

/** What an instance does on a request; its body may break off. */
export type Obey<T> = (instance: SimInstance, breaks: boolean) => Promise<T>;

/** Sends a request to some instance; rejects when there is no answer, or a refusal. */
export type Request = <T>(obey: Obey<T>) => Promise<T>;

/** The desk of a tab: the real one on simulated roads. */
export function openDesk(
  { clock, random, newId, turn, me, request, ...world }: DeskWorld & {
    clock: Clock;
    random(): number;
    newId(): string;
    turn(key: string): Lock;
    me: string;
    request: Request;
  },
): FileDesk {
  const uploads = new Uploads({
    transport: new SimUploads(me, request),
    partBytes: PART_BYTES,
    clock,
    random,
    prepare: (file) => Promise.resolve(file),
    turn,
    changed: world.changed,
    look: world.look,
  });
  return new FileDesk({ ...world, uploads, newKey: newId });
}

class SimUploads implements UploadTransport {
  readonly #me: string;
  readonly #request: Request;

  constructor(me: string, request: Request) {
    this.#me = me;
    this.#request = request;
  }

  begin({ name, type, size }: PendingFile) {
    return this.#ask(({ files }) => createUpload(files, this.#me, { name, type, size }));
  }

  look(id: string) {
    return this.#ask(({ files }) => getUpload(files, this.#me, id));
  }

  send(id: string, { at: offset, blob }: Part) {
    return this.#request((instance, breaks) => {
      const { content: bytes } = blob as SimFile;
      const body = alive(instance.receive(bytes, breaks));
      const part = { id, offset, length: bytes.length, body };
      return instance.serve(({ files }) => appendUpload(files, this.#me, part));
    }).catch(asRefusal);
  }

  drop(id: string) {
    return this.#ask(async ({ files, sweeper }) => {
      await cancelUpload(files, this.#me, id);
      sweeper.kick();
    });
  }

  #ask<T>(act: (parts: Parts) => Promise<T>): Promise<T> {
    return this.#request((instance) => instance.serve(act)).catch(asRefusal);
  }
}

/** What a browser makes of the statuses by which these errors are answered. */
function asRefusal(error: Error): never {
  const { message } = error;
  if (error instanceof NotFoundError) throw new UploadError(message, { kind: "gone" });
  if (error instanceof InvalidError) throw new UploadError(message, { kind: "refused" });
  if (error instanceof TypeError) throw error; // no answer
  throw new UploadError(message, { kind: "later" });
}
