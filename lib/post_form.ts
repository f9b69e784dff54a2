/** Posting by the form of a room's page, with files or without: what a browser sends by itself. */

import type { z } from "zod";
import { canPost } from "./chat/permissions.ts";
import { InvalidError, NotFoundError } from "./chat/errors.ts";
import { MAX_FILES } from "./chat/limits.ts";
import { normalizeFileName } from "./chat/text.ts";
import { parseFields, readForm } from "./http.ts";
import { type Part, readMultipart, textOf } from "./multipart.ts";
import type { Services } from "./services.ts";
import { takeFromBucket, UPLOADS } from "./store/buckets.ts";
import { cancelUpload } from "./store/file_sweep.ts";
import { receiveFile } from "./store/receive_file.ts";

/** Longest field that is no file, in bytes. */
const MAX_FIELD_BYTES = 128 * 1024;
/** Most fields, files among them. */
const MAX_FIELDS = 30;

type Receiving = Pick<Services, "kv" | "live" | "files" | "transfers">;

/** Whether a form came as browsers send it when it can hold files. */
function isMultipart(request: Request): boolean {
  return /^multipart\/form-data\b/i.test(request.headers.get("content-type") ?? "");
}

/**
 * The fields of a form that posts to a room, and in `files` the ids of the files that came with it,
 * which are stored as they come. Nothing is stored for who may not post there.
 */
export async function readPostForm<T extends z.ZodType>(
  services: Receiving,
  request: Request,
  { user, room, schema }: { user: string; room: string; schema: T },
): Promise<z.output<T>> {
  if (!isMultipart(request)) return await readForm(request, schema);
  const place = await services.live.rooms.getFor(room, user);
  if (!canPost(place, user)) throw new NotFoundError("There is no such room.");
  return await services.transfers.run(user, () => receive(services, request, { user, schema }));
}

async function receive<T extends z.ZodType>(
  { kv, files }: Receiving,
  request: Request,
  { user, schema }: { user: string; schema: T },
): Promise<z.output<T>> {
  const fields = new Map<string, string>();
  const ids: string[] = [];
  const most = Number(request.headers.get("content-length")) || Infinity;
  try {
    for await (const part of readMultipart(request)) {
      if (fields.size + ids.length >= MAX_FIELDS) throw new InvalidError("The form is too long.");
      if (part.fileName === undefined) fields.set(part.name, await textOf(part, MAX_FIELD_BYTES));
      else if (!isNothing(part)) {
        if (ids.length === MAX_FILES) throw new InvalidError(`A message takes ${MAX_FILES} files.`);
        await takeFromBucket(kv, UPLOADS, user);
        const { type, body } = part;
        const name = normalizeFileName(part.fileName);
        const id = await receiveFile(files, user, { name, type, most, body });
        if (id !== null) ids.push(id);
      }
    }
    return parseFields(schema, {
      ...Object.fromEntries(fields),
      ...ids.length > 0 && { files: ids },
    });
  } catch (error) {
    for (const id of ids) await cancelUpload(files, user, id);
    throw error;
  }
}

/** Browsers send a file without name and bytes where none was chosen. */
function isNothing({ fileName }: Part): boolean {
  return fileName === "";
}
