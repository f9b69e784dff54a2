/** What a chat model needs from where it runs: a browser, a test, the simulation. */

import type { OpenDrafts } from "./draft_model.ts";
import type { OpenDesk } from "./files_model.ts";
import type { Keeping } from "./outbox_shelf.ts";
import type { Clock, Wakeups } from "./ports.ts";
import type { Socket, SocketOptions } from "./socket.ts";

/** The world around a model; `browserDeps` gives a browser's. */
export interface ModelDeps {
  clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  /** A new message id of `[A-Za-z0-9_-]`, never made before. */
  newId(): string;
  openDesk: OpenDesk;
  openDrafts: OpenDrafts;
  /** What the model works by once it is started; a browser loads it after the first paint. */
  outside(): Outside | Promise<Outside>;
}

/** The ways out of the page. */
export interface Outside extends Keeping {
  /** Makes a connection that keeps coming back. */
  connect(options: Omit<SocketOptions, "transport">): Socket;
  wakeups: Wakeups;
}
