/** Files on a KV Connect server, which takes ten checks a commit, and between two processes. */

import { assert, assertEquals } from "@std/assert";
import type { UploadState } from "../../lib/chat/file_refs.ts";
import type { Client } from "../helpers/client.ts";
import { denokvPath } from "../helpers/denokv.ts";
import { assertBytes, pngOf } from "../helpers/files.ts";
import { within } from "../helpers/waiting.ts";
import { at, join, startPair } from "./pair.ts";

async function upload(who: Client, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { id } = await who.json<UploadState>("/api/files", { name: "a.png", size: bytes.length });
  await send(who, { id, offset: 0, body: bytes });
  return id;
}

async function send(
  who: Client,
  { id, offset, body }: { id: string; offset: number; body: Uint8Array<ArrayBuffer> },
): Promise<UploadState> {
  const headers = { "upload-offset": String(offset) };
  return await (await who.fetch(`/api/files/${id}`, { method: "PATCH", headers, body })).json();
}

Deno.test({
  name: "an upload begins at one process and ends at the other, and its deletion counts at both",
  ignore: !denokvPath,
  async fn() {
    await using pair = await startPair();
    const ada = await join(pair.one, "ada");
    const elsewhere = await at(pair.two, ada);
    const ben = await join(pair.two, "ben");
    const { id: room } = await ada.room(ben.me);
    await using socket = await ada.connect();
    await using other = await ben.connect();

    const bytes = pngOf(3_000_000);
    const { id } = await ada.json<UploadState>("/api/files", { name: "a", size: bytes.length });
    await send(ada, { id, offset: 0, body: bytes.subarray(0, 1_700_000) });
    const rest = bytes.subarray(1_700_000);
    const { file } = await send(elsewhere, { id, offset: 1_700_000, body: rest });
    assertEquals(file?.type, "image/png");

    const more = await Promise.all(
      Array.from({ length: 9 }, (_, n) => upload(n % 2 ? ada : elsewhere, pngOf(500, n + 1))),
    );
    socket.send({ type: "post", room, id: "p", text: "", files: [id, ...more] });
    const ack = await socket.next("ack");
    const { events: [event] } = await other.next("events");
    assert(event.type === "posted");
    assertEquals(event.files?.length, 10);
    const path = `/api/rooms/${room}/files/${id}`;
    const fetched = await ben.fetch(path);
    assertBytes(new Uint8Array(await fetched.arrayBuffer()), bytes);

    socket.send(...Array.from({ length: 20 }, (_, n) => ({
      type: "post",
      room,
      id: `many-${n}`,
      text: "",
      files: more,
    })));
    for (let n = 0; n < 20; n++) await within(socket.next("ack"), "an ack", 5_000);

    socket.send({ type: "delete", room, id: "d", message: ack.seq });
    await within(socket.next("ack", (fact) => fact.id === "d"), "the deletion", 5_000);
    for (
      const [who, where, status] of [[ada, path, 404], [ben, path, 404], [
        ben,
        `/api/rooms/${room}/files/${more[0]}`,
        200,
      ]] as const
    ) {
      const response = await who.fetch(where);
      await response.body?.cancel();
      assertEquals(response.status, status);
    }
    assertEquals(pair.one.errors() + pair.two.errors(), "");
  },
});
