/** Images of groups in the store: with the record or not at all, and for whom. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { InvalidError, NotFoundError, TooLargeError } from "../../lib/chat/errors.ts";
import { MAX_GROUP_IMAGE_BYTES } from "../../lib/chat/limits.ts";
import { drawScene } from "../../lib/demo/pictures.ts";
import { listEvents } from "../../lib/store/events.ts";
import { getGroupImage, type GroupImage, toGroupImage } from "../../lib/store/group_images.ts";
import { keys } from "../../lib/store/keys.ts";
import { listPublicRooms } from "../../lib/store/public_rooms.ts";
import { getRoom, type GroupRecord } from "../../lib/store/rooms.ts";
import { getSummary } from "../../lib/store/summaries.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { change, makeGroup } from "../helpers/groups.ts";
import { createPerson } from "../helpers/people.ts";

/** A small image, another one for each number. */
async function imageOf(n: number, width = 32): Promise<GroupImage> {
  return await toGroupImage(await sceneOf(n, width));
}

function sceneOf(n: number, width = 32): Promise<Uint8Array<ArrayBuffer>> {
  const sky = [[n, 80, 140], [240, 160, n]] as const;
  return drawScene({ width, height: 32, sky, sea: [40, 60, 90], sun: [0.5, 0.3], boats: [] });
}

async function setUp() {
  const kv = await freshKv();
  const [ada, ben, eve] = await Promise.all(
    ["ada", "ben", "eve"].map((name) => createPerson(kv, name)),
  );
  const room = await makeGroup(kv, [ada, ben], { picture: "🌱" });
  const configure = (by: { id: string }, settings: object) =>
    change(kv, room, by, { type: "configure", settings });
  const record = async () => await getRoom(kv, room.id) as GroupRecord;
  const fetch = (viewer: { id: string }, image: string, link?: string) =>
    getGroupImage(kv, { room: room.id, image }, { user: viewer.id, link });
  const configured = async () =>
    (await listEvents(kv, room.id, { after: 0, limit: 100 })).events
      .filter(({ type }) => type === "configured");
  return { kv, ada, ben, eve, room, configure, record, fetch, configured };
}

/** Every image that is stored, of whatever group. */
async function stored(kv: Deno.Kv): Promise<Deno.KvEntry<GroupImage>[]> {
  return await Array.fromAsync(kv.list<GroupImage>({ prefix: ["group_image"] }));
}

Deno.test("an image comes with the change that names it, and takes the emoji's place", async () => {
  const { kv, ada, ben, room, configure, record, fetch, configured } = await setUp();
  using _ = kv;
  const image = await imageOf(1);
  await configure(ada, { image, name: "Port" });
  const { picture, image: named, name } = await record();
  assertEquals([picture, named, name], [undefined, image.id, "Port"]);
  assertEquals((await fetch(ben, image.id)).bytes, image.bytes);
  const { group } = await getSummary(kv, ben.id, room);
  assertEquals([group?.image, group?.picture], [image.id, undefined]);
  const [event] = await configured();
  assert(event.type === "configured");
  assertEquals([event.image, event.name, "picture" in event, "bytes" in event], [
    image.id,
    "Port",
    false,
    false,
  ]);
});

Deno.test("the same image once more changes nothing", async () => {
  const { kv, ada, configure, configured } = await setUp();
  using _ = kv;
  await configure(ada, { image: await imageOf(1) });
  await configure(ada, { image: await imageOf(1) });
  assertEquals((await configured()).length, 1);
});

Deno.test("another image, an emoji, initials: the one before is gone with its commit", async () => {
  const { kv, ada, configure, record, fetch } = await setUp();
  using _ = kv;
  const [one, two] = [await imageOf(1), await imageOf(2)];
  await configure(ada, { image: one });
  await configure(ada, { image: two });
  assertEquals((await stored(kv)).map(({ value }) => value.id), [two.id]);
  await assertRejects(() => fetch(ada, one.id), NotFoundError);
  await configure(ada, { name: "Port" });
  assertEquals((await fetch(ada, two.id)).id, two.id, "another setting leaves it");

  await configure(ada, { picture: "⚓" });
  assertEquals([(await record()).picture, (await record()).image], ["⚓", undefined]);
  assertEquals(await stored(kv), []);
  await assertRejects(() => fetch(ada, two.id), NotFoundError);

  await configure(ada, { image: one });
  await configure(ada, { picture: null });
  const bare = await record();
  assertEquals(["picture" in bare, "image" in bare], [false, false]);
  assertEquals(await stored(kv), []);
});

Deno.test("a group is made with its image, once for the same create", async () => {
  const { kv, ada } = await setUp();
  using _ = kv;
  const image = await imageOf(1);
  const made = await Promise.all(
    [1, 2].map(() => makeGroup(kv, [ada], { id: "c1", image, picture: "🌱" })),
  );
  assertEquals(new Set(made.map(({ id }) => id)).size, 1);
  assertEquals([made[0].image, made[0].picture], [image.id, undefined]);
  assertEquals((await stored(kv)).length, 1);
});

Deno.test("only who manages the group gives it an image; others are refused and nothing is stored", async () => {
  const { kv, ada, ben, eve, configure, record } = await setUp();
  using _ = kv;
  const image = await imageOf(1);
  await assertRejects(() => configure(ben, { image }), InvalidError);
  await assertRejects(() => configure(eve, { image }), NotFoundError);
  assertEquals([(await record()).image, await stored(kv)], [undefined, []]);
  await configure(ada, { image });
  await assertRejects(() => configure(ben, { picture: null }), InvalidError);
  assertEquals((await record()).image, image.id);
});

Deno.test({
  name: "many settings at once, by two instances: the record names the image that is stored",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    const [one, two] = file.kvs;
    const [ada, ben] = await Promise.all(["ada", "ben"].map((name) => createPerson(one, name)));
    const room = await makeGroup(one, [ada, ben]);
    await change(one, room, ada, { type: "role", person: ben.id, role: "admin" });
    const images = await Promise.all([1, 2, 3, 4].map((n) => imageOf(n)));
    await Promise.all([
      ...images.map((image, i) =>
        change(i % 2 ? one : two, room, i % 2 ? ada : ben, {
          type: "configure",
          settings: { image },
        })
      ),
      change(one, room, ada, { type: "configure", settings: { name: "Port" } }),
      change(two, room, ben, { type: "configure", settings: { public: true } }),
    ]);
    const record = await getRoom(one, room.id) as GroupRecord;
    assertEquals([record.name, record.public], ["Port", true]);
    const all = await stored(two);
    assertEquals(all.map(({ value }) => value.id), [record.image]);
    const { events } = await listEvents(one, room.id, { after: 0, limit: 100 });
    const last = events.findLast((event) => event.type === "configured" && event.image);
    assertEquals(last?.type === "configured" && last.image, record.image);
    const { rooms: [card] } = await listPublicRooms(one, ada.id, {});
    assertEquals(card.image, record.image, "the list of public groups has it too");
  },
});

Deno.test("an image is for members; for everybody while the group is public; for who has the link", async () => {
  const { kv, ada, ben, eve, room, configure, fetch } = await setUp();
  using _ = kv;
  const image = await imageOf(1);
  await configure(ada, { image });
  await fetch(ben, image.id);
  await assertRejects(() => fetch(eve, image.id), NotFoundError);

  await configure(ada, { public: true });
  assertEquals((await fetch(eve, image.id)).id, image.id);
  await configure(ada, { public: false });
  await assertRejects(() => fetch(eve, image.id), NotFoundError);

  await change(kv, room, ada, { type: "link", link: "token-1" });
  assertEquals((await fetch(eve, image.id, "token-1")).id, image.id);
  await assertRejects(() => fetch(eve, image.id, "token-2"), NotFoundError);
  await assertRejects(() => fetch(eve, image.id, ""), NotFoundError);
  await change(kv, room, ada, { type: "link", link: null });
  await assertRejects(() => fetch(eve, image.id, "token-1"), NotFoundError);

  await change(kv, room, ada, { type: "remove", person: ben.id });
  await assertRejects(() => fetch(ben, image.id), NotFoundError);
});

Deno.test("absent rooms, rooms of two and other ids are answered alike", async () => {
  const { kv, ada, room, configure } = await setUp();
  using _ = kv;
  const image = await imageOf(1);
  await configure(ada, { image });
  for (const place of [room.id, "absent", "x".repeat(3_000), ""]) {
    for (const id of ["other.png", "", "x".repeat(3_000), "undefined"]) {
      const error = await assertRejects(
        () => getGroupImage(kv, { room: place, image: id }, { user: ada.id }),
        NotFoundError,
      );
      assertEquals(error.message, "There is no such image.");
    }
  }
});

Deno.test("when the last one leaves, nothing of the image is left", async () => {
  const { kv, ada, ben, room, configure, fetch } = await setUp();
  using _ = kv;
  const image = await imageOf(1);
  await configure(ada, { image, public: true });
  for (const person of [ada, ben]) await change(kv, room, person, { type: "leave" });
  assertEquals(await stored(kv), []);
  await assertRejects(() => fetch(ada, image.id), NotFoundError);
});

Deno.test("toGroupImage() takes still images by their bytes, and says what is wrong with others", async () => {
  const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  const said = async (given: Uint8Array<ArrayBuffer>) =>
    (await assertRejects(() => toGroupImage(given), InvalidError)).message;
  const png = await sceneOf(1);
  const image = await toGroupImage(png);
  assertEquals([image.type, image.bytes], ["image/png", png]);
  assert(/^[\w-]{22}\.png$/.test(image.id), image.id);
  assertEquals((await toGroupImage(await sceneOf(1))).id, image.id);

  const kinds = "The picture must be a PNG, JPEG or WebP image. Choose another file.";
  for (const other of ["", "<svg xmlns='http://www.w3.org/2000/svg'/>", "GIF89a\x01\0\x01\0"]) {
    assertEquals(await said(bytes(other)), kinds, other);
  }
  assertEquals(await said(bytes("\xff\xd8\xff\xe0")), "The image is damaged. Choose another file.");
  assertEquals(
    await said(await sceneOf(1, 1_025)),
    "The image is over 1,024 pixels wide or high. Make it smaller.",
  );
  const [start, rest] = [png.subarray(0, 33), png.subarray(33)]; // after the header
  const moves = bytes("\0\0\0\x08acTL\0\0\0\x02\0\0\0\0crc!");
  const moving = new Uint8Array(await new Blob([start, moves, rest]).arrayBuffer());
  assertEquals(await said(moving), "The image moves. Choose one that stands still.");
  const tells = bytes("\0\0\0\x05tEXtwherecrc!");
  const telling = new Uint8Array(await new Blob([start, tells, rest]).arrayBuffer());
  assertEquals((await toGroupImage(telling)).bytes, png, "what tells of its making is left out");

  const large = new Uint8Array(MAX_GROUP_IMAGE_BYTES + 1);
  large.set(png);
  const error = await assertRejects(() => toGroupImage(large), TooLargeError);
  assertEquals(
    error.message,
    "The image is over 60 KB. Make it smaller: 256 × 256 pixels are enough.",
  );
});

Deno.test("the largest image fits into its value", async () => {
  const { kv, ada, configure } = await setUp();
  using _ = kv;
  const png = await sceneOf(1);
  const bytes = crypto.getRandomValues(new Uint8Array(MAX_GROUP_IMAGE_BYTES));
  bytes.set(png.subarray(0, 33));
  const image = { ...await imageOf(1), bytes };
  await configure(ada, { image });
  const { value } = await kv.get<GroupImage>(
    keys.groupImage((await stored(kv))[0].key[1] as string),
  );
  assertEquals(value?.bytes, bytes);
});
