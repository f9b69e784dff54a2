/** Forms with files, read as they come: whatever the chunks, the parts are the same. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { InvalidError, TooLargeError } from "../../lib/chat/errors.ts";
import { readMultipart, textOf } from "../../lib/multipart.ts";
import { bytesOf, collect } from "../helpers/files.ts";

function request(
  body: Uint8Array | string,
  { parts = [], type }: { parts?: number[]; type?: string },
) {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const cuts = [0, ...parts.map((n) => n % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const chunks = cuts.slice(1).map((end, i) => bytes.slice(cuts[i], end));
  return new Request("http://localhost/", {
    method: "POST",
    headers: { "content-type": type ?? "multipart/form-data; boundary=XX" },
    body: ReadableStream.from(chunks),
  });
}

async function read(form: Request) {
  const parts = [];
  for await (const { body, ...part } of readMultipart(form)) {
    parts.push({ ...part, bytes: await collect(body) });
  }
  return parts;
}

const text = (text: string) => new TextEncoder().encode(text);

Deno.test("readMultipart() reads what a browser's FormData sends, in any chunks", async () => {
  const tricky = new Uint8Array([
    ...text("\r\n--\r\n------\r\n-"),
    ...bytesOf(3_000),
    13,
    10,
    45,
    45,
  ]);
  const form = new FormData();
  form.set("text", "Soup 🍜\nand bread");
  form.append("files", new File([tricky], 'so"up\n🍜.png', { type: "image/png" }));
  form.append("files", new File([], "empty.txt"));
  const whole = new Request("http://localhost/", { method: "POST", body: form });
  const type = whole.headers.get("content-type")!;
  const body = new Uint8Array(await whole.arrayBuffer());
  const cuts = fc.array(fc.nat(body.length), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(cuts, async (parts) => {
      const [first, second, third] = await read(request(body, { parts, type }));
      assertEquals([first.name, first.fileName, first.bytes], [
        "text",
        undefined,
        text("Soup 🍜\r\nand bread"),
      ]);
      assertEquals([second.name, second.fileName, second.type], [
        "files",
        'so"up\n🍜.png',
        "image/png",
      ]);
      assert(
        second.bytes.length === tricky.length && second.bytes.every((b, i) => b === tricky[i]),
      );
      assertEquals([third.fileName, third.bytes.length], ["empty.txt", 0]);
    }),
    { numRuns: 60 },
  );
});

Deno.test("readMultipart() skips what nobody reads of a part", async () => {
  const form = '--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\n' +
    '--XX\r\ncontent-disposition: form-data; name="b"\r\n\r\ntwo\r\n--XX--\r\nepilogue';
  const names = [];
  for await (const { name } of readMultipart(request(form, {}))) names.push(name);
  assertEquals(names, ["a", "b"]);
});

Deno.test("readMultipart() refuses what is no whole form", async () => {
  const part = '--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\none';
  const broken = [
    "",
    "--XX",
    "--XX--", // a whole one, without parts
    part,
    `${part}\r\n--XX`,
    `${part}\r\n--XXjunk`,
    "--XX\r\nContent-Disposition: form-data\r\n\r\none\r\n--XX--",
    `--XX\r\nx: ${"y".repeat(20_000)}`,
  ];
  for (const body of broken) {
    if (body === "--XX--") assertEquals(await read(request(body, {})), []);
    else await assertRejects(() => read(request(body, {})), InvalidError, undefined, body);
  }
  for (const type of ["text/plain", "multipart/form-data", "multipart/form-data; boundary="]) {
    await assertRejects(() => read(request(`${part}\r\n--XX--`, { type })), InvalidError);
  }
});

Deno.test("textOf() bounds a field, and what is left of the form is not kept waiting", async () => {
  let sent = 0;
  const head = text('--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\n');
  const body = (async function* () {
    yield head;
    for (; sent < 100; sent++) yield await Promise.resolve(bytesOf(10_000));
  })();
  const form = new Request("http://localhost/", {
    method: "POST",
    headers: { "content-type": 'multipart/form-data; boundary="XX"' },
    body: ReadableStream.from(body),
  });
  await assertRejects(async () => {
    for await (const part of readMultipart(form)) await textOf(part, 20_000);
  }, TooLargeError);
  assertEquals(sent, 100);
});
