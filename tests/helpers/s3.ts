/**
 * A server of the S3 protocol as a process of its own, on 127.0.0.1, with an empty bucket. It knows
 * who may ask, but does not compute Version 4 signatures: those are checked against AWS's own
 * examples, in `tests/unit/s3_signer_test.ts`. As a program it serves the folder that it is given, and prints its port.
 */

import S3rver from "s3rver";
import type { S3Options } from "../../lib/store/s3_blobs.ts";

const BUCKET = "parley";

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
      accessKeyId: "S3RVER",
      secretAccessKey: "S3RVER",
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

if (import.meta.main) {
  const server = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory: Deno.args[0],
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  const { port } = await server.run();
  console.log(port);
}
