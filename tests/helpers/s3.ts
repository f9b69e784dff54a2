/**
 * A server of the S3 protocol as a process of its own, on 127.0.0.1, with an empty bucket. It knows
 * who may ask, but does not compute Version 4 signatures; a guard before it does. As a program it serves the folder that it is given, and prints its port.
 */

import S3rver from "s3rver";
import { signedHeaders } from "../../lib/store/s3_signer.ts";
import type { S3Options } from "../../lib/store/s3_blobs.ts";

const BUCKET = "parley";
/** The server knows one account, whose id and secret are this. */
const KEY = "S3RVER";

export interface S3Server extends AsyncDisposable {
  options: S3Options;
  /** Keys of all objects. */
  keys(): Promise<string[]>;
}

/** Starts a server; gone with the folder at the end. */
export async function startS3(): Promise<S3Server> {
  const folder = await Deno.makeTempDir({ prefix: "parley-s3-" });
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL(import.meta.url).pathname, folder],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await lines.read();
  const endpoint = `http://127.0.0.1:${Number(value)}`;
  return {
    options: {
      endpoint,
      bucket: BUCKET,
      region: "us-east-1",
      accessKeyId: KEY,
      secretAccessKey: KEY,
    },
    async keys() {
      const xml = await (await fetch(`${endpoint}/${BUCKET}?list-type=2`)).text();
      return [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await Promise.all([child.status, lines.cancel()]);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/**
 * Whether a request that came is signed as it came: its address, its headers and its bytes. That the
 * algorithm is right is shown by AWS's examples, in `tests/unit/s3_signer_test.ts`.
 */
async function isSigned(request: Request, body: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const authorization = request.headers.get("authorization") ?? "";
  const [, accessKeyId, region, names = ""] =
    /Credential=(\w+)\/\d{8}\/([\w-]+)\/.*SignedHeaders=([^,]+)/.exec(authorization) ?? [];
  if (accessKeyId !== KEY) return true; // the server behind says what it thinks of strangers
  const own = names.split(";").filter((name) => !/^host$|^x-amz-(date|content-sha256)$/.test(name));
  const headers = Object.fromEntries(own.map((name) => [name, request.headers.get(name) ?? ""]));
  const at = request.headers.get("x-amz-date")!
    .replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5");
  const credentials = { accessKeyId, secretAccessKey: KEY, region };
  const { method } = request;
  const asked = { method, url: new URL(request.url), headers, body };
  const signed = await signedHeaders(credentials, asked, new Date(at));
  return signed.authorization === authorization &&
    signed["x-amz-content-sha256"] === request.headers.get("x-amz-content-sha256");
}

/** Passes on what is signed rightly. */
async function guard(request: Request, port: number): Promise<Response> {
  const body = await request.bytes();
  if (request.headers.has("authorization") && !await isSigned(request, body)) {
    return new Response("<Error><Code>SignatureDoesNotMatch</Code></Error>", { status: 403 });
  }
  const { method, headers } = request;
  const url = new URL(request.url);
  url.port = String(port);
  return await fetch(url, { method, headers, ...body.length > 0 && { body } });
}

if (import.meta.main) {
  const server = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory: Deno.args[0],
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  const { port } = await server.run();
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: (own) => console.log(own.port),
  }, (request) => guard(request, port));
}
