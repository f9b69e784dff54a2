/**
 * The images of groups. A group has at most one: a value beside its record, written, replaced and
 * removed in the commit that changes what the record names, so there are none that nothing names.
 * Its id is made from its content: the same image is the same id, and an id never shows another.
 */

import { InvalidError, NotFoundError, TooLargeError } from "../chat/errors.ts";
import { isAnimated, kindOf, sizeOf, withoutMetadata } from "../chat/image_bytes.ts";
import { MAX_GROUP_IMAGE_BYTES, MAX_GROUP_IMAGE_PX } from "../chat/limits.ts";
import { canSeeFace } from "../chat/permissions.ts";
import { encodeBase64Url } from "./base64.ts";
import { keys } from "./keys.ts";
import { getRoom } from "./rooms.ts";
import { sniff } from "./sniff.ts";

/** An image as it is stored. */
export interface GroupImage {
  id: string;
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Kinds that are taken, by their type, and the ending of their ids. */
const ENDINGS: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
};
const ID_BYTES = 16;
const SIDE = MAX_GROUP_IMAGE_PX.toLocaleString("en");

/**
 * An image to give to a group, without what a camera wrote into it. Throws {@link TooLargeError} or
 * {@link InvalidError} with what to do. Few bytes can unfold to very many pixels, in every browser
 * that lists the group: so these are limited too.
 */
export async function toGroupImage(given: Uint8Array<ArrayBuffer>): Promise<GroupImage> {
  if (given.length > MAX_GROUP_IMAGE_BYTES) throw tooLarge();
  const type = sniff(given);
  const kind = kindOf(given);
  if (!kind || !Object.hasOwn(ENDINGS, type)) {
    throw new InvalidError("The picture must be a PNG, JPEG or WebP image. Choose another file.");
  }
  const size = sizeOf(given, kind);
  if (!size?.width || !size.height) {
    throw new InvalidError("The image is damaged. Choose another file.");
  }
  if (Math.max(size.width, size.height) > MAX_GROUP_IMAGE_PX) {
    throw new InvalidError(`The image is over ${SIDE} pixels wide or high. Make it smaller.`);
  }
  if (isAnimated(given, kind)) {
    throw new InvalidError("The image moves. Choose one that stands still.");
  }
  const bytes = withoutMetadata(given, kind);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { id: `${encodeBase64Url(hash.subarray(0, ID_BYTES))}.${ENDINGS[type]}`, type, bytes };
}

/** What is said of an image above the limit. */
export function tooLarge(): TooLargeError {
  const kilobytes = MAX_GROUP_IMAGE_BYTES / 1024;
  return new TooLargeError(
    `The image is over ${kilobytes} KB. Make it smaller: 256 × 256 pixels are enough.`,
  );
}

/**
 * A group's image for somebody who may see what it looks like. Throws the same
 * {@link NotFoundError} for another's, an earlier one and none.
 */
export async function getGroupImage(
  kv: Deno.Kv,
  { room: roomId, image: id }: { room: string; image: string },
  viewer: { user: string; link?: string },
): Promise<GroupImage> {
  const room = await getRoom(kv, roomId);
  const isShown = room?.kind === "group" && room.image === id && canSeeFace(room, viewer);
  const image = isShown ? (await kv.get<GroupImage>(keys.groupImage(roomId))).value : null;
  if (image?.id !== id) throw new NotFoundError("There is no such image.");
  return image;
}
