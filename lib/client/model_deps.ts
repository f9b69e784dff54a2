/** What a chat model needs from where it runs: a browser, a test, the simulation. */

import type { DraftStore } from "./draft_model.ts";
import type { OpenDesk } from "./files_model.ts";
import type { OutboxStore } from "./outbox.ts";
import type { Channel, Clock, Lock, Transport, Wakeups } from "./ports.ts";

/** The world around a model; `browserDeps` gives a browser's. */
export interface ModelDeps {
  transport: Transport;
  clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  /** A new message id of `[A-Za-z0-9_-]`, never made before. */
  newId(): string;
  /** Of this account only. */
  storage: OutboxStore;
  lock: Lock;
  channel: Channel;
  wakeups: Wakeups;
  openDesk: OpenDesk;
  drafts: DraftStore;
}
