/** Base64 of bytes, in the alphabets that tokens (RFC 4648 §5) and PHC strings (§4, unpadded) use. */

type Bytes = Uint8Array<ArrayBuffer>;

/** URL-safe, without padding. */
export function encodeBase64Url(bytes: Bytes): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Reads the URL-safe alphabet, padded or not. Throws `SyntaxError` for anything else. */
export function decodeBase64Url(text: string): Bytes {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}

/** Standard alphabet, without padding. */
export function encodeBase64(bytes: Bytes): string {
  return bytes.toBase64({ omitPadding: true });
}

/** Reads the standard alphabet, padded or not. Throws `SyntaxError` for anything else. */
export function decodeBase64(text: string): Bytes {
  return Uint8Array.fromBase64(text);
}
