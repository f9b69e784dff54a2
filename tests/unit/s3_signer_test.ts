/** Signatures against the examples that AWS publishes with the algorithm. */

import { assertEquals } from "@std/assert";
import { signedHeaders } from "../../lib/store/s3_signer.ts";

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const CREDENTIALS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  region: "us-east-1",
};
const NOW = new Date("2013-05-24T00:00:00Z");
const BUCKET = "https://examplebucket.s3.amazonaws.com";

async function signature(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {},
): Promise<string> {
  const request = {
    method,
    url: new URL(BUCKET + path),
    headers,
    body: body === undefined ? undefined : new TextEncoder().encode(body),
  };
  const { authorization } = await signedHeaders(CREDENTIALS, request, NOW);
  return authorization.split("Signature=")[1];
}

Deno.test("signedHeaders() signs reading a range as the published example", async () => {
  assertEquals(
    await signature("GET", "/test.txt", { headers: { Range: "bytes=0-9" } }),
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  );
});

Deno.test("signedHeaders() signs writing as the published example", async () => {
  const headers = {
    Date: "Fri, 24 May 2013 00:00:00 GMT",
    "x-amz-storage-class": "REDUCED_REDUNDANCY",
  };
  assertEquals(
    await signature("PUT", "/test$file.text", { headers, body: "Welcome to Amazon S3." }),
    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  );
});

Deno.test("signedHeaders() signs listing as the published example", async () => {
  assertEquals(
    await signature("GET", "/?max-keys=2&prefix=J"),
    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  );
  assertEquals(
    await signature("GET", "/?prefix=J&max-keys=2"),
    await signature("GET", "/?max-keys=2&prefix=J"),
  );
});
