/**
 * Files under kill -9 of both servers and the database: uploads go on where they were, what was
 * posted or forwarded is whole, what was deleted is gone, and nothing is left that belongs to nothing.
 */

import { assert, assertEquals, assertGreater } from "@std/assert";
import type { EventPage } from "../../lib/chat/pages.ts";
import type { UploadState } from "../../lib/chat/file_refs.ts";
import { sweepFiles } from "../../lib/store/file_sweep.ts";
import { startPair } from "../cluster/pair.ts";
import { type Client, register } from "../helpers/client.ts";
import { denokvPath } from "../helpers/denokv.ts";
import { assertBytes, auditFiles, fileKeys, filesIn, pngOf } from "../helpers/files.ts";
import { killAtRandom } from "./run.ts";
import { seeded } from "./random.ts";

const PEOPLE = 4;
const DAYS_MS = 2 * 24 * 60 * 60 * 1000;

/** A file with its bytes. */
interface Kept {
  id: string;
  seed: number;
  size: number;
}

/** Somebody who uploads, posts, forwards and deletes, and tries again until it is done. */
class Uploader {
  readonly kept: Kept[] = [];
  readonly deleted: string[] = [];
  /** As they were uploaded; the copies have ids of their own. */
  readonly forwarded: Kept[] = [];
  interrupted = 0;
  #client: Client;
  #origins: string[];
  #random: () => number;
  #seed: number;
  readonly room: string;
  /** Where some of it is forwarded to. */
  readonly other: string;

  constructor(
    client: Client,
    { origins, room, other, seed }: {
      origins: string[];
      room: string;
      other: string;
      seed: number;
    },
  ) {
    this.#client = client;
    this.other = other;
    this.#origins = origins;
    this.#random = seeded(seed);
    this.#seed = seed * 1_000;
    this.room = room;
  }

  async live(until: number): Promise<void> {
    while (Date.now() < until) await this.#share();
  }

  async #share(): Promise<void> {
    const seed = ++this.#seed;
    const size = Math.ceil(3_000_000 * this.#random());
    const bytes = pngOf(size + 10, seed);
    const { id } = await this.#ask<UploadState>("/api/files", {
      name: `${seed}.png`,
      size: bytes.length,
    });
    for (let at = 0, done = false; !done;) {
      done = await this.#send(id, at, bytes) !== undefined;
      if (!done) at = (await this.#ask<UploadState>(`/api/files/${id}`)).offset;
    }
    const post = { id: `p${seed}`, text: "", files: [id] };
    const { seq } = await this.#ask<{ seq: number }>(`/api/rooms/${this.room}/posts`, post);
    const file = { id, seed, size: bytes.length };
    if (this.#random() < 0.4) {
      const forward = { id: `f${seed}`, from: { room: this.room, message: seq } };
      await this.#ask(`/api/rooms/${this.other}/forwards`, forward);
      this.forwarded.push(file);
    }
    if (this.#random() < 0.5) {
      const change = { type: "delete", id: `d${seed}`, message: seq };
      await this.#ask(`/api/rooms/${this.room}/changes`, change);
      this.deleted.push(id);
    } else this.kept.push(file);
  }

  /** One part of some length; undefined when it did not end the upload. */
  async #send(id: string, at: number, bytes: Uint8Array<ArrayBuffer>) {
    const end = Math.min(bytes.length, at + Math.ceil(1_500_000 * this.#random()));
    const body = bytes.subarray(at, end);
    const headers = { "upload-offset": String(at) };
    const response = await this.#try(`/api/files/${id}`, { method: "PATCH", headers, body });
    if (!response?.ok) return void this.interrupted++;
    return (await response.json() as UploadState).file;
  }

  /** Asks until there is an answer. */
  async #ask<T>(path: string, body?: unknown): Promise<T> {
    for (;;) {
      const response = await this.#try(path, {
        ...body !== undefined && {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        },
      });
      if (response?.ok) return await response.json();
      assert(
        !response || response.status === 429 || response.status >= 500,
        String(response?.status),
      );
      await response?.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Null when the server is gone, or is too long in answering. */
  async #try(path: string, { headers, ...init }: RequestInit): Promise<Response | null> {
    const origin = this.#origins[Math.floor(this.#random() * this.#origins.length)];
    try {
      const response = await fetch(origin + path, {
        ...init,
        headers: { ...headers as Record<string, string>, cookie: this.#client.cookie, origin },
        signal: AbortSignal.timeout(8_000),
      });
      return new Response(await response.bytes(), response);
    } catch {
      return null;
    }
  }

  /** What a member gets. */
  async fetch(id: string, room = this.room): Promise<Response> {
    const response = await this.#try(`/api/rooms/${room}/files/${id}`, {});
    assert(response, "the servers are up");
    return response;
  }

  /** The files that were forwarded, as they are there. */
  async copies(): Promise<Kept[]> {
    const path = `/api/rooms/${this.other}/events?after=0&limit=200`;
    const { events } = await this.#ask<EventPage>(path);
    const refs = events.flatMap((event) => event.type === "posted" ? event.files ?? [] : []);
    return refs.map(({ id, name, size }) => ({ id, seed: Number(name.split(".")[0]), size }));
  }
}

Deno.test({
  name: "files under kill -9: whole where they were posted, gone where they were deleted",
  ignore: !denokvPath,
  async fn() {
    const seconds = Number(Deno.env.get("CHAOS_SECONDS") ?? 20) / 2;
    const seed = Number(Deno.env.get("CHAOS_SEED") ?? Math.floor(Math.random() * 1e6));
    await using pair = await startPair();
    const origins = [pair.one.origin, pair.two.origin];
    const ben = await register(origins[0], "ben");
    const eve = await register(origins[1], "eve");
    const people = await Promise.all(Array.from({ length: PEOPLE }, async (_, n) => {
      const client = await register(origins[n % 2], `p${n}`);
      const { id: room } = await client.room(ben.me);
      const { id: other } = await client.room(eve.me);
      return new Uploader(client, { origins, room, other, seed: seed + n });
    }));
    const until = Date.now() + seconds * 1_000;
    const [kills] = await Promise.all([
      killAtRandom(pair, { until, random: seeded(seed) }),
      ...people.map((person) => person.live(until)),
    ]);
    const sum = (count: (person: Uploader) => number) =>
      people.reduce((all, person) => all + count(person), 0);
    console.log(JSON.stringify({
      seed,
      kills,
      kept: sum(({ kept }) => kept.length),
      deleted: sum(({ deleted }) => deleted.length),
      forwarded: sum(({ forwarded }) => forwarded.length),
      interrupted: sum(({ interrupted }) => interrupted),
    }));
    assertGreater(sum(({ kept, deleted }) => kept.length + deleted.length), 4, "premise");
    for (const person of people) {
      for (const { id, seed, size } of person.kept) {
        const response = await person.fetch(id);
        assertBytes(await response.bytes(), pngOf(size, seed), `seed ${seed}`);
      }
      for (const id of person.deleted) assertEquals((await person.fetch(id)).status, 404);
      const copies = await person.copies();
      const seeds = (files: Kept[]) => files.map(({ seed }) => seed);
      assertEquals(seeds(copies), seeds(person.forwarded), "each was forwarded once");
      for (const { id, seed, size } of copies) {
        const response = await person.fetch(id, person.other);
        assertBytes(await response.bytes(), pngOf(size, seed), `forwarded, seed ${seed}`);
      }
    }
    Deno.env.set("DENO_KV_ACCESS_TOKEN", pair.denokv.token);
    using kv = await Deno.openKv(pair.denokv.url);
    await sweepFiles(filesIn(kv), Date.now() + DAYS_MS);
    await sweepFiles(filesIn(kv), Date.now() + 2 * DAYS_MS);
    assertEquals(await auditFiles(kv), [], `seed ${seed}`);
    const files = people.flatMap(({ kept, forwarded }) => [...kept, ...forwarded]);
    const contents = new Map(files.map(({ seed, size }) => [seed, Math.ceil(size / 737_280)]));
    const { file, piece } = await fileKeys(kv);
    const pieces = [...contents.values()].reduce((all, count) => all + count, 0);
    assertEquals([file ?? 0, piece ?? 0], [files.length, pieces], `seed ${seed}`);
  },
});
