/** Uploads and downloads at a real server process, asked without a browser. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { PostedEvent } from "../../lib/chat/events.ts";
import type { FileRef, UploadState } from "../../lib/chat/file_refs.ts";
import { type Client, register } from "../helpers/client.ts";
import { assertBytes, bytesOf, pngOf } from "../helpers/files.ts";
import { startServer, type TestServer } from "../helpers/server.ts";
import { testsInTown } from "../helpers/town.ts";

let server: TestServer;
let ada: Client;
let ben: Client;
let eve: Client;
let room: string;

const test = testsInTown({ ada: "Ada", ben: "Ben", eve: "Eve" }, {
  env: { MAX_UPLOAD_BYTES: "3000000", UPLOAD_QUOTA_BYTES: "20000000" },
  prepare: async (town) => {
    ({ server, ada, ben, eve } = town);
    room = (await ada.room(ben.me)).id;
  },
});

function announce(who: Client, size: number, more: object = {}): Promise<UploadState> {
  return who.json("/api/files", { name: "a.png", size, ...more });
}

function send(
  who: Client,
  { id, offset, body }: { id: string; offset: number | string; body: BodyInit },
): Promise<Response> {
  const headers = { "upload-offset": String(offset) };
  return who.fetch(`/api/files/${id}`, { method: "PATCH", headers, body });
}

/** Uploads and answers what a message with it will show. */
async function upload(
  who: Client,
  bytes: Uint8Array<ArrayBuffer>,
  more: object = {},
): Promise<FileRef> {
  const { id } = await announce(who, bytes.length, more);
  const response = await send(who, { id, offset: 0, body: bytes });
  assertEquals(response.status, 200);
  return (await response.json() as UploadState).file!;
}

async function post(who: Client, files: string[], text = ""): Promise<number> {
  const body = { id: crypto.randomUUID(), text, files };
  return (await who.json<{ seq: number }>(`/api/rooms/${room}/posts`, body)).seq;
}

async function share(bytes: Uint8Array<ArrayBuffer>, more: object = {}): Promise<string> {
  const { id } = await upload(ada, bytes, more);
  await post(ada, [id]);
  return `/api/rooms/${room}/files/${id}`;
}

async function refusal(response: Promise<Response>): Promise<[number, string]> {
  const answer = await response;
  return [answer.status, (await answer.json()).error];
}

async function statusOf(response: Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

test("a file that is sent in parts is what the other member fetches", async () => {
  const bytes = pngOf(2_500_000);
  const { id, offset, size } = await announce(ada, bytes.length, { width: 40, height: 30 });
  assertEquals([offset, size], [0, 2_500_000]);
  const first = await send(ada, { id, offset: 0, body: bytes.subarray(0, 1_000_001) });
  assertEquals([first.status, first.headers.get("upload-offset")], [200, "1000001"]);
  assertEquals((await first.json()).file, undefined);
  assertEquals((await ada.json<UploadState>(`/api/files/${id}`)).offset, 1_000_001);
  const last = await send(ada, { id, offset: 1_000_001, body: bytes.subarray(1_000_001) });
  const { file } = await last.json();
  assertEquals(file, { id, name: "a.png", type: "image/png", size, width: 40, height: 30 });
  await post(ada, [id], "Soup");
  const response = await ben.fetch(`/api/rooms/${room}/files/${id}`);
  assertEquals(response.headers.get("content-length"), "2500000");
  assertBytes(new Uint8Array(await response.arrayBuffer()), bytes);
});

test("a browser is told what is allowed where it is not the default", async () => {
  for (const path of ["/chat", `/chat/${room}`]) {
    assertStringIncludes(await (await ada.fetch(path)).text(), "3000000");
  }
});

test("a part in the wrong place is refused by name, and nothing of it is kept", async () => {
  const bytes = pngOf(100_000);
  const { id } = await announce(ada, bytes.length);
  await statusOf(send(ada, { id, offset: 0, body: bytes.subarray(0, 70_000) }));
  for (const offset of [0, 69_999, 70_001]) {
    const body = bytes.subarray(0, 100_000 - offset);
    const [status, error] = await refusal(send(ada, { id, offset, body }));
    assertEquals([status, error], [409, "This upload is at 70000; go on from there."]);
  }
  for (const offset of ["", "-1", "1e3", "x"]) {
    assertEquals((await refusal(send(ada, { id, offset, body: bytes })))[0], 400, offset);
  }
  const body = bytes.subarray(70_000);
  const [status, error] = await refusal(send(ada, { id, offset: 70_000, body: body.subarray(1) }));
  assertEquals([status, error], [400, "Send the rest, or 61440 bytes of it at least."]);
  assertEquals(await statusOf(send(ada, { id, offset: 70_000, body })), 200);
});

test("a body that is longer than the file is refused, and the upload goes on after it", async () => {
  const bytes = pngOf(1_000);
  const { id } = await announce(ada, 1_000);
  const lying = ReadableStream.from([bytes, new Uint8Array(1)]);
  for (const body of [new Uint8Array(1_001), lying]) {
    const [status, error] = await refusal(send(ada, { id, offset: 0, body }));
    assertEquals(status, 413);
    assertStringIncludes(error, "more bytes");
  }
  assertEquals((await ada.json<UploadState>(`/api/files/${id}`)).offset, 0);
  assertEquals(await statusOf(send(ada, { id, offset: 0, body: bytes })), 200);
});

test("what is too large, empty or wrongly described is refused before a byte is sent", async () => {
  const cases: [body: object, status: number, says: string][] = [
    [{ name: "a", size: 3_000_001 }, 413, "A file may have 3 MB at most."],
    [{ name: "a", size: 0 }, 400, "the file is empty"],
    [{ name: "a", size: 1.5 }, 400, "size"],
    [{ name: "a", size: 1, width: 0 }, 400, "width"],
    [{ name: "a", size: 1, waveform: [101] }, 400, "waveform"],
    [{ name: "a", size: 1, waveform: Array(65).fill(1) }, 400, "waveform"],
    [{ name: "a", size: 1, by: "eve" }, 400, "by"],
    [{ size: 1 }, 400, "name"],
  ];
  for (const [body, status, says] of cases) {
    const [is, error] = await refusal(ada.fetch("/api/files", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }));
    assertEquals(is, status, error);
    assertStringIncludes(error, says);
  }
});

test("a quota is counted from the announcement, and given back by cancelling", async () => {
  const dan = await register(server.origin, "dan");
  const uploads = await Promise.all(Array.from({ length: 6 }, () => announce(dan, 3_000_000)));
  const [status, error] = await refusal(dan.fetch("/api/files", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "a", size: 3_000_000 }),
  }));
  assertEquals([status, error], [
    413,
    "There is place for 2 MB more of yours; delete files first.",
  ]);
  assertEquals(await statusOf(dan.fetch(`/api/files/${uploads[0].id}`, { method: "DELETE" })), 204);
  await announce(dan, 3_000_000);
});

test("an upload is its uploader's alone", async () => {
  const { id } = await announce(ada, 1_000);
  const path = `/api/files/${id}`;
  assertEquals(await statusOf(ada.fetch(path)), 200); // premise
  const absent = await refusal(ben.fetch("/api/files/nothing"));
  assertEquals(await refusal(ben.fetch(path)), absent);
  assertEquals(await refusal(send(ben, { id, offset: 0, body: bytesOf(1_000) })), absent);
  assertEquals(await statusOf(ben.fetch(path, { method: "DELETE" })), 204);
  assertEquals((await ada.json<UploadState>(path)).offset, 0);
  const { id: own } = await upload(ada, pngOf(10));
  const body = JSON.stringify({ id: "steal", text: "", files: [own] });
  const headers = { "content-type": "application/json" };
  const theft = ben.fetch(`/api/rooms/${room}/posts`, { method: "POST", headers, body });
  assertEquals((await refusal(theft))[0], 404);
});

test("a file is fetched by members alone; absent, foreign and deleted are answered alike", async () => {
  const { id } = await upload(ada, pngOf(5_000));
  const path = `/api/rooms/${room}/files/${id}`;
  const unposted = await refusal(ada.fetch(path));
  const seq = await post(ada, [id]);
  assertEquals(await statusOf(ben.fetch(path)), 200); // premise
  assertEquals((await fetch(server.origin + path).then((r) => (r.body?.cancel(), r))).status, 401);
  assertEquals(unposted, [404, "There is no such file."]);
  assertEquals(await refusal(eve.fetch(path)), [404, "There is no such room."]);
  const other = (await eve.room(ben.me)).id;
  assertEquals(await refusal(eve.fetch(`/api/rooms/${other}/files/${id}`)), unposted);
  assertEquals(await refusal(ben.fetch(`/api/rooms/${other}/files/${id}`)), unposted);
  await ada.json(`/api/rooms/${room}/changes`, { type: "delete", id: `d${seq}`, message: seq });
  assertEquals(await refusal(ben.fetch(path)), unposted);
  assertEquals(await refusal(ada.fetch(path)), unposted);
});

test("in a group one fetches what one may see of its past, and nothing once one has left", async () => {
  const { room: { id: group } } = await ada.json<{ room: { id: string } }>("/api/groups", {
    id: "g1",
    name: "Harbour",
    people: [eve.me.id],
    history: "joined",
  });
  const share = async (bytes: Uint8Array<ArrayBuffer>) => {
    const { id } = await upload(ada, bytes);
    const body = { id: crypto.randomUUID(), text: "", files: [id] };
    await ada.json(`/api/rooms/${group}/posts`, body);
    return `/api/rooms/${group}/files/${id}`;
  };
  const before = await share(pngOf(600));
  assertEquals(await refusal(ben.fetch(before)), [404, "There is no such room."]);
  await ada.json(`/api/rooms/${group}/members`, { people: [ben.me.id] });
  const after = await share(pngOf(700));
  assertEquals(await statusOf(eve.fetch(before)), 200); // premise
  assertEquals(await refusal(ben.fetch(before)), [404, "There is no such file."]);
  assertEquals(await statusOf(ben.fetch(after)), 200);
  const member = `/api/rooms/${group}/members/${ben.me.id}`;
  assertEquals(await statusOf(ada.fetch(member, { method: "DELETE" })), 204);
  assertEquals(await refusal(ben.fetch(after)), [404, "There is no such room."]);
});

test("many pictures and parts at once are not too many", async () => {
  const path = await share(pngOf(100));
  const gus = await register(server.origin, "gus");
  const other = (await gus.room(ben.me)).id;
  const { id } = await announce(gus, 2_900_000);
  const parts = Array.from({ length: 40 }, (_, n) => n * 70_000).filter((at) => at < 2_900_000);
  for (const offset of parts) {
    const body = bytesOf(Math.min(70_000, 2_900_000 - offset));
    assertEquals(await statusOf(send(gus, { id, offset, body })), 200);
  }
  const rest = { id, offset: 2_800_000, body: bytesOf(100_000) };
  assertEquals(await statusOf(send(gus, rest)), 200);
  await gus.json(`/api/rooms/${other}/posts`, { id: "p", text: "", files: [id] });
  const statuses = await Promise.all(Array.from({ length: 100 }, () => statusOf(ben.fetch(path))));
  assertEquals(new Set(statuses), new Set([200]));
});

test("writes from another site are refused", async () => {
  const { id } = await announce(ada, 1_000);
  const headers = { cookie: ada.cookie, origin: "https://evil.example", "upload-offset": "0" };
  const tries: [string, RequestInit][] = [
    ["/api/files", { method: "POST", body: "{}" }],
    [`/api/files/${id}`, { method: "PATCH", body: "x" }],
    [`/api/files/${id}`, { method: "DELETE" }],
  ];
  for (const [path, init] of tries) {
    assertEquals(await statusOf(fetch(server.origin + path, { ...init, headers })), 403, path);
  }
  assertEquals((await ada.json<UploadState>(`/api/files/${id}`)).offset, 0);
});

test("a range is answered with exactly its bytes, and one beyond the end is refused", async () => {
  const bytes = pngOf(200_000);
  const path = await share(bytes);
  const cases: [range: string, start: number, end: number][] = [
    ["bytes=0-0", 0, 1],
    ["bytes=61439-61440", 61_439, 61_441],
    ["bytes=199999-", 199_999, 200_000],
    ["bytes=-10", 199_990, 200_000],
    ["bytes=100000-999999999", 100_000, 200_000],
  ];
  for (const [range, start, end] of cases) {
    const response = await ben.fetch(path, { headers: { range } });
    const { status, headers } = response;
    assertEquals([status, headers.get("content-range"), headers.get("content-length")], [
      206,
      `bytes ${start}-${end - 1}/200000`,
      String(end - start),
    ]);
    assertBytes(new Uint8Array(await response.arrayBuffer()), bytes.subarray(start, end), range);
  }
  for (const range of ["bytes=200000-", "bytes=-0"]) {
    const response = await ben.fetch(path, { headers: { range } });
    await response.body?.cancel();
    assertEquals([response.status, response.headers.get("content-range")], [416, "bytes */200000"]);
  }
  for (const range of ["bytes=0-1,5-6", "lines=0-1", "bytes=5-2"]) {
    assertEquals(await statusOf(ben.fetch(path, { headers: { range } })), 200, range);
  }
});

test("an ETag spares the bytes and keeps a range to its version", async () => {
  const path = await share(pngOf(1_000));
  const first = await ben.fetch(path);
  await first.body?.cancel();
  const etag = first.headers.get("etag")!;
  const again = await ben.fetch(path, { headers: { "if-none-match": `W/"x", ${etag}` } });
  assertEquals([again.status, await again.text()], [304, ""]);
  assertEquals(again.headers.get("cache-control"), "private, no-cache");
  const range = { range: "bytes=0-9" };
  assertEquals(await statusOf(ben.fetch(path, { headers: { ...range, "if-range": etag } })), 206);
  assertEquals(await statusOf(ben.fetch(path, { headers: { ...range, "if-range": '"x"' } })), 200);
  const head = await ben.fetch(path, { method: "HEAD" });
  assertEquals([head.status, head.headers.get("content-length")], [200, "1000"]);
  const stranger = await eve.fetch(path, { headers: { "if-none-match": etag } });
  assertEquals(await statusOf(Promise.resolve(stranger)), 404);
});

test("a type is what the bytes say, and what could run is only ever saved", async () => {
  const text = (text: string) => new TextEncoder().encode(text);
  const html = "<!doctype html><script>alert(document.domain)</script>";
  const svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
  const cases: [claimed: string, bytes: Uint8Array<ArrayBuffer>, type: string, how: string][] = [
    ["text/html", text(html), "text/plain; charset=utf-8", "attachment"],
    ["image/svg+xml", text(svg), "text/plain; charset=utf-8", "attachment"],
    ["image/png", text(html), "text/plain; charset=utf-8", "attachment"],
    ["image/png", bytesOf(500), "application/octet-stream", "attachment"],
    ["text/html", pngOf(500), "image/png", "inline"],
    ["", text("%PDF-1.7\n%…"), "application/pdf", "inline"],
  ];
  for (const [claimed, bytes, type, how] of cases) {
    const path = await share(bytes, { type: claimed, name: 'so"up 🍜\r\nx.html' });
    const response = await ben.fetch(path);
    await response.body?.cancel();
    const { headers } = response;
    assertEquals(headers.get("content-type"), type);
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    const policy = headers.get("content-security-policy")!;
    assertStringIncludes(policy, "default-src 'none'");
    assertEquals(policy.includes("sandbox"), type !== "application/pdf");
    assertEquals(
      headers.get("content-disposition"),
      `${how}; filename="so_up __ x.html"; filename*=UTF-8''so%22up%20%F0%9F%8D%9C%20x.html`,
    );
    const saved = await ben.fetch(`${path}?save`);
    await saved.body?.cancel();
    assertMatch(saved.headers.get("content-disposition")!, /^attachment;/);
  }
});

/** Posts as a browser without JavaScript does. */
function postForm(who: Client, text: string, files: File[], path = `/chat/${room}`) {
  const body = new FormData();
  body.set("text", text);
  body.set("id", crypto.randomUUID());
  for (const file of files) body.append("files", file);
  return who.fetch(path, { method: "POST", body });
}

test("a form posts files without JavaScript, and knows their sizes only at the end", async () => {
  const large = pngOf(2_000_000, 3);
  const soup = new File([large], "soup.png", { type: "image/png" });
  const note = new File(["Always."], "note.txt", { type: "text/html" });
  assertEquals(await statusOf(postForm(ada, "", [soup, note])), 303);
  const { events } = await ben.json<{ events: PostedEvent[] }>(`/api/rooms/${room}/events`);
  const { text, files = [] } = events.at(-1)!;
  assertEquals(text, "");
  assertEquals(files.map(({ name, type, size }) => [name, type, size]), [
    ["soup.png", "image/png", 2_000_000],
    ["note.txt", "text/plain", 7],
  ]);
  const response = await ben.fetch(`/api/rooms/${room}/files/${files[0].id}`);
  assertBytes(new Uint8Array(await response.arrayBuffer()), large);
});

test("a form where no file was chosen posts its text, and one without both is refused", async () => {
  const none = new File([], "");
  assertEquals(await statusOf(postForm(ada, "Soup", [none])), 303);
  const { events } = await ben.json<{ events: PostedEvent[] }>(`/api/rooms/${room}/events`);
  assertEquals([events.at(-1)!.text, events.at(-1)!.files], ["Soup", undefined]);
  assertEquals(await statusOf(postForm(ada, " ", [none])), 400);
  assertEquals(await statusOf(postForm(ada, "", [new File([], "empty.txt")])), 400);
});

test("a form with a file that is too large, or for a foreign room, stores nothing", async () => {
  const fay = await register(server.origin, "fay");
  const { id } = await fay.room(ben.me);
  const small = new File(["x"], "a.txt");
  const large = new File([bytesOf(3_000_001)], "b.bin");
  const refused = await postForm(fay, "", [small, large], `/chat/${id}`);
  assertEquals(refused.status, 413);
  assertStringIncludes(await refused.text(), "b.bin is too large.");
  assertEquals(await statusOf(postForm(fay, "", [small])), 404);
  const foreign = await fetch(`${server.origin}/chat/${id}`, {
    method: "POST",
    headers: { cookie: fay.cookie, origin: "https://evil.example" },
    body: new FormData(),
  });
  assertEquals(await statusOf(Promise.resolve(foreign)), 403);
  for (let n = 0; n < 6; n++) await announce(fay, 3_000_000); // nothing was taken of the quota
  await announce(fay, 2_000_000);
  const many = Array.from({ length: 11 }, (_, n) => new File(["x"], `${n}.txt`));
  assertEquals(await statusOf(postForm(ada, "", many)), 400);
});

test("an upload that broke off goes on where the server got to, after a restart too", async () => {
  await using own = await startServer();
  const ann = await register(own.origin, "ann");
  const bob = await register(own.origin, "bob");
  const bytes = pngOf(2_000_000, 7);
  const { id } = await announce(ann, bytes.length);
  const gone = new AbortController();
  const slow = new ReadableStream<Uint8Array>({
    async pull(controller) {
      controller.enqueue(bytes.subarray(0, 900_000));
      await new Promise((resolve) => setTimeout(resolve, 300));
      gone.abort();
    },
  }, { highWaterMark: 0 });
  const headers = { "upload-offset": "0" };
  await ann.fetch(`/api/files/${id}`, { method: "PATCH", headers, body: slow, signal: gone.signal })
    .then((response) => response.body?.cancel(), () => {});
  let offset = 0;
  for (const end = Date.now() + 10_000; offset === 0 && Date.now() < end;) {
    offset = (await ann.json<UploadState>(`/api/files/${id}`)).offset;
  }
  assert(offset > 0 && offset <= 900_000, `${offset}`);
  await own.stop();
  await own.restart();
  offset = (await ann.json<UploadState>(`/api/files/${id}`)).offset;
  const last = await send(ann, { id, offset, body: bytes.subarray(offset) });
  assertEquals((await last.json()).file.size, 2_000_000);
  const { id: place } = await ann.room(bob.me);
  await ann.json(`/api/rooms/${place}/posts`, { id: "p", text: "", files: [id] });
  const response = await bob.fetch(`/api/rooms/${place}/files/${id}`);
  assertBytes(new Uint8Array(await response.arrayBuffer()), bytes);
  assertEquals(own.errors(), "");
});

test("ending what is no upload, or another's, answers alike and ends nothing", async () => {
  const { id } = await announce(ada, 100);
  const answers = ["nothing", "x".repeat(3_000), "__proto__", id].map((file) =>
    statusOf(eve.fetch(`/api/files/${file}`, { method: "DELETE" }))
  );
  assertEquals(await Promise.all(answers), [204, 204, 204, 204]);
  assertEquals((await ada.json<UploadState>(`/api/files/${id}`)).offset, 0);
});
