/** Images of groups over HTTP: by form with and without script, by API, and who gets them. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { RoomSummary } from "../../lib/chat/rooms.ts";
import { drawScene } from "../../lib/demo/pictures.ts";
import type { Client } from "../helpers/client.ts";
import type { TestServer } from "../helpers/server.ts";
import { testsInTown } from "../helpers/town.ts";

let server: TestServer;
let ada: Client;
let bob: Client;
let eve: Client;

const test = testsInTown({ ada: "Ada", bob: "Bob", eve: "Eve" }, {
  prepare: (town) => ({ server, ada, bob, eve } = town),
});

/** A group of Ada's with Bob in it. */
async function makeGroup(settings: Record<string, unknown> = {}): Promise<RoomSummary> {
  const group = { id: crypto.randomUUID(), name: "Crew", people: [bob.me.id], ...settings };
  return (await ada.json<{ room: RoomSummary }>("/api/groups", group)).room;
}

/** A small PNG, another one for each number. */
function pngOf(n: number): Promise<Uint8Array<ArrayBuffer>> {
  const sky = [[n, 80, 140], [240, 160, n]] as const;
  return drawScene({ width: 32, height: 32, sky, sea: [40, 60, 90], sun: [0.5, 0.3], boats: [] });
}

/** A form as a browser sends it when it can hold files; bytes are an image. */
function send(
  client: Client,
  path: string,
  fields: [string, string | Uint8Array<ArrayBuffer>][],
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === "string") body.append(name, value);
    else body.append(name, new Blob([value], { type: "image/png" }), "picture.png");
  }
  return client.fetch(path, { method: "POST", body, headers });
}

/** The settings of a group's form, with an image. */
function settings(image: Uint8Array<ArrayBuffer>, more: [string, string][] = []) {
  return [
    ["name", "Crew"],
    ["picture", ""],
    ["emoji", ""],
    ["what", "configure"],
    ...more,
    ["image", image],
  ] as [string, string | Uint8Array<ArrayBuffer>][];
}

async function statusOf(answer: Promise<Response>): Promise<number> {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
}

async function groupOf(client: Client, id: string) {
  return (await client.json<{ room: RoomSummary }>(`/api/rooms/${id}`)).room.group!;
}

/** Gives a group an image by the API; answers the status, and the image's id. */
async function put(client: Client, room: string, body: BodyInit) {
  const answer = await client.fetch(`/api/rooms/${room}/image`, { method: "PUT", body });
  const { image }: { image?: string } = await answer.json();
  return { status: answer.status, image };
}

test("a form with an image gives it to the group, whatever else the form says of the picture", async () => {
  const { id } = await makeGroup({ picture: "🌱" });
  const png = await pngOf(1);
  const response = await send(ada, `/chat/${id}/info`, settings(png, [["emoji", "🦊"]]));
  await response.body?.cancel();
  assertEquals([response.status, response.headers.get("location")], [
    303,
    `/chat/${id}/info?done=`,
  ]);
  const { image, picture } = await groupOf(bob, id);
  assertEquals(picture, undefined);
  const url = `/api/rooms/${id}/image/${image}`;
  const answer = await bob.fetch(url);
  assertEquals(new Uint8Array(await answer.arrayBuffer()), png);
  for (
    const [name, value] of [
      ["content-type", "image/png"],
      ["content-length", String(png.length)],
      ["cache-control", "private, max-age=31536000, immutable"],
      ["vary", "cookie"],
      ["x-content-type-options", "nosniff"],
      ["cross-origin-resource-policy", "same-origin"],
    ]
  ) assertEquals(answer.headers.get(name), value, name);
  assertStringIncludes(answer.headers.get("content-security-policy")!, "default-src 'none'");
  assertStringIncludes(answer.headers.get("content-security-policy")!, "sandbox");
  const again = await bob.fetch(url, {
    headers: { "if-none-match": answer.headers.get("etag")! },
  });
  assertEquals([again.status, await again.text()], [304, ""]);
  for (const page of [`/chat/${id}/info`, `/chat/${id}`, "/chat"]) {
    assertStringIncludes(await (await bob.fetch(page)).text(), `src="${url}"`, page);
  }

  // The form as it is now keeps it; so does one that was sent without a file.
  const kept = await send(ada, `/chat/${id}/info`, [
    ["name", "Port"],
    ["picture", "image"],
    ["what", "configure"],
  ]);
  await kept.body?.cancel();
  const now = await groupOf(bob, id);
  assertEquals([now.name, now.image], ["Port", image]);
  // Initials take it away.
  await statusOf(send(ada, `/chat/${id}/info`, settings(new Uint8Array(0))));
  assertEquals((await groupOf(bob, id)).image, undefined);
  assertEquals(await statusOf(bob.fetch(url)), 404);
});

test("a new group has its image from the start, and its people", async () => {
  const response = await send(ada, "/groups/new", [
    ["id", crypto.randomUUID()],
    ["name", "Painters"],
    ["person", bob.me.id],
    ["person", eve.me.id],
    ["image", await pngOf(2)],
  ]);
  await response.body?.cancel();
  assertEquals(response.status, 303);
  const id = response.headers.get("location")!.split("/").at(-1)!;
  const { image, memberCount } = await groupOf(eve, id);
  assertEquals(memberCount, 3);
  assertEquals(await statusOf(eve.fetch(`/api/rooms/${id}/image/${image}`)), 200);
});

test("what is no such image is refused by its bytes, and the form is shown again", async () => {
  const { id } = await makeGroup({ picture: "🌱" });
  const bytes = (text: string) => new TextEncoder().encode(text);
  const kinds = "The picture must be a PNG, JPEG or WebP image.";
  const cases: [Uint8Array<ArrayBuffer>, number, string][] = [
    [bytes("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"), 400, kinds],
    [bytes("<html><script>alert(1)</script>"), 400, kinds],
    [bytes("GIF89a\x01\0\x01\0"), 400, kinds],
    [new Uint8Array(61_441).fill(7), 413, "The image is over 60 KB."],
    [new Uint8Array(3_000_000).fill(7), 413, "256 × 256 pixels are enough."],
  ];
  for (const [image, status, says] of cases) {
    const answer = await send(ada, `/chat/${id}/info`, settings(image));
    assertEquals(answer.status, status);
    assertStringIncludes(await answer.text(), says);
    const made = await send(ada, "/groups/new", [["name", "Kept words"], ["image", image]]);
    assertEquals(made.status, status);
    const text = await made.text();
    assertStringIncludes(text, says);
    assertStringIncludes(text, 'value="Kept words"');
    assertEquals((await put(ada, id, image)).status, status);
  }
  assertEquals((await groupOf(bob, id)).picture, "🌱");
  const nameless = await send(ada, "/groups/new", [["name", " "], ["image", await pngOf(1)]]);
  assertStringIncludes(
    await nameless.text(),
    "The group needs a name. Then choose the image again.",
  );
});

test("whoever does not manage a group gives it no image, by form or API", async () => {
  const { id } = await makeGroup();
  const png = await pngOf(3);
  assertEquals(await statusOf(send(bob, `/chat/${id}/info`, settings(png))), 400);
  assertEquals((await put(bob, id, png)).status, 400);
  assertEquals(await statusOf(send(eve, `/chat/${id}/info`, settings(png))), 404);
  assertEquals((await put(eve, id, png)).status, 404);
  assertEquals((await put(ada, "absent", png)).status, 404);
  assertEquals((await put(ada, (await ada.room(bob.me)).id, png)).status, 404);
  assertEquals((await groupOf(ada, id)).image, undefined);
  const answer = await put(ada, id, png);
  assertEquals(answer.status, 200, "premise: Ada may");
  assertEquals(answer.image, (await groupOf(bob, id)).image);
});

test("strangers and other sites send and get nothing", async () => {
  const { id } = await makeGroup();
  const png = await pngOf(4);
  const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  const path = `/api/rooms/${id}/image`;
  assertEquals(await statusOf(send(ada, `/chat/${id}/info`, settings(png), foreign)), 403);
  assertEquals(await statusOf(send(ada, "/groups/new", settings(png), foreign)), 403);
  assertEquals(
    await statusOf(ada.fetch(path, { method: "PUT", body: png, headers: foreign })),
    403,
  );
  const { image } = await put(ada, id, png);
  assertEquals(await statusOf(fetch(`${server.origin}${path}/${image}`)), 401);
});

test("an image is fetched by members, by all while the group is public, by link, and by nobody else", async () => {
  const { id } = await makeGroup();
  const { image } = await put(ada, id, await pngOf(5));
  const url = `/api/rooms/${id}/image/${image}`;
  const of = (client: Client, path = url) => statusOf(client.fetch(path));
  assertEquals([await of(ada), await of(bob), await of(eve)], [200, 200, 404]);
  const absent = await (await eve.fetch("/api/rooms/absent/image/x.png")).text();
  assertEquals(await (await eve.fetch(url)).text(), absent, "absent and forbidden are alike");

  await ada.json(`/api/rooms/${id}`, { public: true }, "PATCH");
  assertEquals(await of(eve), 200);
  assertStringIncludes(await (await eve.fetch("/rooms")).text(), `src="${url}"`);
  await ada.json(`/api/rooms/${id}`, { public: false }, "PATCH");
  assertEquals(await of(eve), 404);

  const { link } = await ada.json<{ link: string }>(`/api/rooms/${id}/link`, {}, "POST");
  const page = await (await eve.fetch(`/join/${link}`)).text();
  assertStringIncludes(page, `src="${url}?link=${link}"`);
  assertEquals(await of(eve, `${url}?link=${link}`), 200);
  assertEquals(await of(eve, `${url}?link=guess`), 404);
  await ada.json(`/api/rooms/${id}/link`, undefined, "DELETE");
  assertEquals(await of(eve, `${url}?link=${link}`), 404);

  await ada.json(`/api/rooms/${id}/members/${bob.me.id}`, undefined, "DELETE");
  assertEquals(await of(bob), 404, "who was removed");
  await put(ada, id, await pngOf(6));
  assertEquals(await of(ada), 404, "an earlier one");
});

test("sockets hear of an image by its id alone", async () => {
  const { id } = await makeGroup();
  await using socket = await bob.connect();
  const { image } = await put(ada, id, await pngOf(7));
  const fact = await socket.next("events");
  const [event] = fact.events;
  assert(event.type === "configured");
  assertEquals([fact.room, event.image, event.by], [id, image, ada.me.id]);
});
