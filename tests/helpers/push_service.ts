/**
 * A push service as browsers have them: devices subscribe, a site sends, each push is checked as RFC
 * 8030, 8188, 8291 and 8292 want it and decrypted. It serves requests over the network or, in
 * the place of `fetch`, without one.
 */

import type { PushContent } from "../../lib/push/notice.ts";
import { readVapid, Receiver } from "./push_receiver.ts";
import { Recorder } from "./waiting.ts";

/** A push that was taken. */
export interface TakenPush {
  device: string;
  content: PushContent;
  ttl: number;
  urgency: string;
  topic: string;
  /** The key that the sender is known by. */
  key: string;
  audience: string;
}

/** What the page gives the server. */
export interface FakeSubscription {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

export class FakePushService {
  readonly origin: string;
  readonly pushes = new Recorder<TakenPush>();
  /** Each request as it was sent, also those that were not taken. */
  readonly raw: string[] = [];
  /** Answers instead of 201, for each device; used up from the front. */
  readonly answers = new Map<string, Response[]>();
  readonly #hanging = new Set<string>();
  readonly #receivers = new Map<string, Receiver>();

  constructor(origin = "https://push.example") {
    this.origin = origin;
  }

  get requests(): number {
    return this.raw.length;
  }

  /** A new device. */
  async subscribe(name: string): Promise<FakeSubscription> {
    const receiver = await Receiver.create();
    this.#receivers.set(name, receiver);
    return { endpoint: `${this.origin}/send/${name}`, keys: receiver.keys };
  }

  /** Answers the next pushes to a device so. */
  answer(device: string, ...answers: Response[]): void {
    this.answers.set(device, answers);
  }

  /** Pushes to a device are never answered, until they are given up. */
  hang(device: string): void {
    this.#hanging.add(device);
  }

  /** The pushes that a device got, as the service worker sees them. */
  contents(device: string): PushContent[] {
    return this.pushes.all.filter((push) => push.device === device).map(({ content }) => content);
  }

  /** Waits for a number of pushes to a device. */
  async got(device: string, count: number): Promise<PushContent[]> {
    const isDone = (all: TakenPush[]) =>
      all.filter((push) => push.device === device).length >= count;
    await this.pushes.until(isDone, `${device} gets ${count} pushes`);
    return this.contents(device);
  }

  /** In the place of `fetch`. */
  readonly fetch: typeof fetch = async (input, init) => {
    init?.signal?.throwIfAborted();
    return await this.handle(new Request(input, init));
  };

  async handle(request: Request): Promise<Response> {
    const device = new URL(request.url).pathname.replace("/send/", "");
    const receiver = this.#receivers.get(device);
    const body = new Uint8Array(await request.arrayBuffer());
    const head = JSON.stringify([request.url, ...request.headers]);
    this.raw.push(head + new TextDecoder("latin1").decode(body));
    if (!receiver) return new Response("no such subscription", { status: 404 });
    if (this.#hanging.has(device)) await untilAborted(request.signal);
    const answer = this.answers.get(device)?.shift();
    if (answer) return answer;
    this.pushes.add(await this.#take(request, { device, receiver, body }));
    return new Response(null, { status: 201 });
  }

  async #take(
    { method, headers, url }: Request,
    { device, receiver, body }: {
      device: string;
      receiver: Receiver;
      body: Uint8Array<ArrayBuffer>;
    },
  ): Promise<TakenPush> {
    const { claims, key } = await readVapid(headers.get("authorization") ?? "");
    const topic = headers.get("topic") ?? "";
    const isRight = method === "POST" && headers.get("content-encoding") === "aes128gcm" &&
      claims.aud === new URL(url).origin && claims.exp * 1000 > Date.now() &&
      body.length <= 4_096 && /^[\w-]{1,32}$/.test(topic);
    if (!isRight) throw new Error(`Not a push: ${method} ${JSON.stringify([...headers])}`);
    return {
      device,
      content: JSON.parse(await receiver.decrypt(body)),
      ttl: Number(headers.get("ttl")),
      urgency: headers.get("urgency") ?? "",
      topic,
      key,
      audience: claims.aud,
    };
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
