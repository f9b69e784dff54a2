/**
 * Signature Version 4, by which S3 knows who asks, on WebCrypto:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */

/** Who asks, and where. */
export interface S3Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
}

/** A request as it is signed. */
export interface S3Request {
  method: string;
  url: URL;
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

/** The headers of a request with those that sign it. `now` is its time. */
export async function signedHeaders(
  { accessKeyId, secretAccessKey, region }: S3Credentials,
  { method, url, headers = {}, body = new Uint8Array() }: S3Request,
  now = new Date(),
): Promise<Record<string, string>> {
  const at = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const payload = await sha256(body);
  const all: Record<string, string> = {
    ...headers,
    "x-amz-content-sha256": payload,
    "x-amz-date": at,
  };
  const signed = Object.entries({ ...all, host: url.host })
    .map(([name, value]) => [name.toLowerCase(), value.trim()]).sort(byFirst);
  const names = signed.map(([name]) => name).join(";");
  const request = [
    method,
    url.pathname.split("/").map((part) => encode(decodeURIComponent(part))).join("/"),
    [...url.searchParams].map((pair) => pair.map(encode)).sort(byFirst)
      .map((pair) => pair.join("=")).join("&"),
    ...signed.map((pair) => pair.join(":")),
    "",
    names,
    payload,
  ].join("\n");
  const scope = `${at.slice(0, 8)}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", at, scope, await sha256(encoder.encode(request))].join("\n");
  let key = encoder.encode(`AWS4${secretAccessKey}`);
  for (const part of scope.split("/")) key = await hmac(key, part);
  const signature = (await hmac(key, text)).toHex();
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, ` +
    `SignedHeaders=${names}, Signature=${signature}`;
  return { ...all, authorization };
}

function byFirst([a]: string[], [b]: string[]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** All but the unreserved characters of RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, encoder.encode(text)));
}
