/**
 * What the client needs from the world around it, as interfaces: a browser gives them in
 * `browser.ts` and its neighbours, tests give scripted ones. Nothing in here runs.
 */

/** Time. `browserClock` is the real one. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(id: number): void;
}

/** What a connection reports; `close` may come more than once. */
export interface TransportHandlers {
  open(): void;
  message(data: string): void;
  close(code: number): void;
}

/** One connection, as much of it as the client uses. */
export interface Socketlike {
  send(data: string): void;
  close(code?: number): void;
}

/** Opens connections; each call is a new one, and nothing is reported before it returns. */
export interface Transport {
  open(handlers: TransportHandlers): Socketlike;
}

/** Exclusive between the tabs of one account in one browser. */
export interface Lock {
  /**
   * Runs `held` once it is this tab's turn, never before this returns; the answer gives the turn
   * back, or withdraws.
   */
  request(held: () => void): () => void;
}

/** A doorbell between the tabs of one account: the outbox's store has changed. */
export interface Channel {
  tell(): void;
  /** Starts listening; the answer stops it. */
  listen(changed: () => void): () => void;
}

/** Tells when a lost connection is worth an immediate try: back online, back on screen. */
export interface Wakeups {
  /** Starts listening; the answer stops it. */
  listen(wake: () => void): () => void;
}
