/**
 * What a file is by its first bytes. What was claimed decides only between sound and picture of a
 * container that can hold either. What is not in the table is text or unknown bytes; both are only
 * ever saved, never opened, so that nothing can run in the site's name.
 */

/** How many of the first bytes {@link sniff} looks at. */
export const SNIFF_BYTES = 4_096;

/** The first bytes and the type that they say; `at` is where they are. */
const SIGNATURES: readonly { at?: number; is: string; type: string }[] = [
  { is: "\x89PNG\r\n\x1a\n", type: "image/png" },
  { is: "\xff\xd8\xff", type: "image/jpeg" },
  { is: "GIF87a", type: "image/gif" },
  { is: "GIF89a", type: "image/gif" },
  { is: "%PDF-", type: "application/pdf" },
  { is: "fLaC", type: "audio/flac" },
  { is: "ID3", type: "audio/mpeg" },
];

const BRANDS: Readonly<Record<string, string>> = {
  "avif": "image/avif",
  "avis": "image/avif",
  "M4A ": "audio/mp4",
  "M4B ": "audio/mp4",
  "qt  ": "video/quicktime",
  "isom": "video/mp4",
  "iso2": "video/mp4",
  "iso3": "video/mp4",
  "iso4": "video/mp4",
  "iso5": "video/mp4",
  "iso6": "video/mp4",
  "iso8": "video/mp4",
  "iso9": "video/mp4",
  "mp41": "video/mp4",
  "mp42": "video/mp4",
  "avc1": "video/mp4",
  "dash": "video/mp4",
  "M4V ": "video/mp4",
  "M4VH": "video/mp4",
  "MSNV": "video/mp4",
};

/** The media type of bytes that begin with `head`; `isText`: all of them are UTF-8 text. */
export function sniff(
  head: Uint8Array,
  { claimed = "", isText = false }: { claimed?: string; isText?: boolean } = {},
): string {
  const text = latin1(head.subarray(0, SNIFF_BYTES));
  const known = SIGNATURES.find(({ at = 0, is }) => text.startsWith(is, at))?.type ??
    riff(text) ?? container(text, claimed) ?? (isMpegFrame(head) ? "audio/mpeg" : undefined);
  return known ?? (isText ? "text/plain" : "application/octet-stream");
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

function riff(text: string): string | undefined {
  if (!text.startsWith("RIFF")) return undefined;
  const form = text.slice(8, 12);
  return form === "WEBP" ? "image/webp" : form === "WAVE" ? "audio/wav" : undefined;
}

/** Containers of sound or pictures: the claim counts where the bytes leave it open. */
function container(text: string, claimed: string): string | undefined {
  if (text.startsWith("OggS")) return text.includes("theora") ? undefined : "audio/ogg";
  if (text.startsWith("\x1a\x45\xdf\xa3")) return webm(text, claimed);
  if (text.slice(4, 8) !== "ftyp") return undefined;
  const type = brandsOf(text).map((brand) => own(BRANDS, brand)).find((type) => type);
  return type === "video/mp4" && claimed.startsWith("audio/") ? "audio/mp4" : type;
}

/** The brand of an ISO file and those that it is compatible with. */
function brandsOf(text: string): string[] {
  const length = Math.min(text.charCodeAt(2) * 256 + text.charCodeAt(3), 256);
  const rest = text.slice(16, length).match(/.{4}/gs) ?? [];
  return [text.slice(8, 12), ...rest];
}

function webm(text: string, claimed: string): string | undefined {
  if (!text.slice(0, 64).includes("webm")) return undefined;
  if (/V_(VP8|VP9|AV1)/.test(text)) return "video/webm";
  const isSound = /A_(OPUS|VORBIS)/.test(text) || claimed.startsWith("audio/");
  return isSound ? "audio/webm" : "video/webm";
}

/** A frame of MPEG audio layer III, which has no signature but its header's rules. */
function isMpegFrame([sync, second, third]: Uint8Array): boolean {
  return sync === 0xff && (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08 &&
    (third & 0xf0) !== 0xf0 && (third & 0xf0) !== 0 && (third & 0x0c) !== 0x0c;
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
