/** An instance of the live side, without HTTP: what the sockets of several people talk to. */

import { PROTOCOL_VERSION } from "../../lib/chat/commands.ts";
import { Live } from "../../lib/live/live.ts";
import type { PresenceTimes } from "../../lib/live/presence.ts";
import { Sockets } from "../../lib/live/sockets.ts";
import { toPerson, type UserRecord } from "../../lib/store/accounts.ts";
import { ringingKv } from "../../lib/store/ringing_kv.ts";
import { FakeSocket } from "./fake_socket.ts";

/** Options of a test instance. */
export interface InstanceOptions {
  instance?: string;
  times?: Partial<PresenceTimes>;
  postsPerSecond?: number;
  /** As a process with a database of its own runs: watching only while others run. */
  solo?: boolean;
}

export class TestInstance implements AsyncDisposable {
  readonly live: Live;
  readonly sockets: Sockets;
  #fakes: FakeSocket[] = [];

  private constructor(kv: Deno.Kv, options: InstanceOptions) {
    const ringing = ringingKv(kv, (topic, seq) => this.live.ring(topic, seq));
    this.live = new Live(options.solo ? ringing : kv, options);
    this.sockets = new Sockets(this.live, { postsPerSecond: options.postsPerSecond ?? 1_000 });
  }

  static async start(kv: Deno.Kv, options: InstanceOptions = {}): Promise<TestInstance> {
    const instance = new TestInstance(kv, options);
    await instance.live.start();
    return instance;
  }

  /** A socket that has not greeted. */
  open(user: UserRecord, session = "session"): FakeSocket {
    const socket = new FakeSocket();
    this.#fakes.push(socket);
    this.sockets.open(socket, { person: toPerson(user), session });
    return socket;
  }

  /** A socket that has greeted and was welcomed. */
  async connect(
    user: UserRecord,
    { cursors, session }: { cursors?: Record<string, number>; session?: string } = {},
  ): Promise<FakeSocket> {
    const socket = this.open(user, session);
    socket.say({ type: "hello", version: PROTOCOL_VERSION, cursors });
    await socket.take("welcome");
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.sockets.close();
    await this.live.close();
    const invalid = this.#fakes.flatMap((fake) => fake.invalid);
    if (invalid.length > 0) throw new Error(invalid.join("\n"));
  }
}
