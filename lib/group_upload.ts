/**
 * What requests bring to a group: the fields of a form, and an image. No more of an image is kept
 * than one byte above the limit, by which whoever looks at it knows that it is too large.
 */

import { InvalidError, TooLargeError } from "./chat/errors.ts";
import { MAX_ADDED, MAX_GROUP_IMAGE_BYTES } from "./chat/limits.ts";
import { readFields } from "./http.ts";
import { alive } from "./live/transfers.ts";
import { type Part, readMultipart, textOf } from "./multipart.ts";
import type { Services } from "./services.ts";

/** Most bytes of all fields together that are no image. */
const MAX_FIELDS_BYTES = 128 * 1024;
/** Most fields: the people of a new group, and what else is asked. */
const MAX_FIELDS = MAX_ADDED + 50;
/** Most bytes that are read of an image to come to what follows it in the form. */
const MAX_SKIPPED_BYTES = 32 * 1024 * 1024;

type Bytes = Uint8Array<ArrayBuffer>;

/** A form about a group. */
export interface GroupForm {
  fields: URLSearchParams;
  image: Bytes | null;
}

/** Reads a form, as browsers send it when it can hold files or when it cannot. */
export async function readGroupForm(
  { transfers }: Pick<Services, "transfers">,
  user: string,
  request: Request,
): Promise<GroupForm> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\b/i.test(type)) {
    return { fields: await readFields(request), image: null };
  }
  return await transfers.run(user, () => receive(request));
}

/** An image that is all of a request. */
export async function readImage(
  { transfers }: Pick<Services, "transfers">,
  user: string,
  request: Request,
): Promise<Bytes> {
  return await transfers.run(user, () => bytesOf(request.body ? alive(request.body) : []));
}

async function receive(request: Request): Promise<GroupForm> {
  const fields = new URLSearchParams();
  let image: Bytes | null = null;
  let left = MAX_FIELDS_BYTES;
  for await (const part of readMultipart(request)) {
    if (fields.size === MAX_FIELDS) throw new InvalidError("The form is too long.");
    if (part.fileName === undefined) {
      const text = await textOf(part, left);
      left -= text.length;
      fields.append(part.name, text);
    } else if (part.name === "image" && part.fileName !== "") image = await imageIn(part);
  }
  return { fields, image };
}

/** Browsers send a file without bytes where none was chosen. */
async function imageIn({ body }: Part): Promise<Bytes | null> {
  const bytes = await bytesOf(body, MAX_SKIPPED_BYTES);
  return bytes.length > 0 ? bytes : null;
}

/** The first bytes. Throws {@link TooLargeError} where more than `skipped` follow. */
async function bytesOf(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  skipped = 0,
): Promise<Bytes> {
  const kept = new Uint8Array(MAX_GROUP_IMAGE_BYTES + 1);
  let size = 0;
  for await (const chunk of body) {
    if (size < kept.length) kept.set(chunk.subarray(0, kept.length - size), size);
    size += chunk.length;
    if (size > kept.length && skipped === 0) break;
    if (size > kept.length + skipped) throw new TooLargeError("The image is much too large.");
  }
  return kept.slice(0, size);
}
