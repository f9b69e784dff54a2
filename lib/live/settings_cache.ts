/**
 * The settings of people with sockets at this instance, in memory: their logs are followed here, so
 * a change is known at once. Of everybody else they are read each time.
 */

import { getSettings, type Settings } from "../store/settings.ts";

export class SettingsCache {
  #kv: Deno.Kv;
  #isFollowed: (user: string) => boolean;
  #known = new Map<string, Settings | Promise<Settings>>();

  /** `isFollowed`: whether each later change will be told to {@link changed}. */
  constructor(kv: Deno.Kv, isFollowed: (user: string) => boolean) {
    this.#kv = kv;
    this.#isFollowed = isFollowed;
  }

  /** A person's settings; a promise only when they must be read. */
  get(user: string): Settings | Promise<Settings> {
    const known = this.#known.get(user);
    if (known) return known;
    const read = getSettings(this.#kv, user);
    if (this.#isFollowed(user)) this.#keep(user, read);
    return read;
  }

  /** The person's log says so. */
  changed(user: string, settings: Settings): void {
    if (this.#known.has(user)) this.#known.set(user, settings);
  }

  /** The person's log is followed no more. */
  forget(user: string): void {
    this.#known.delete(user);
  }

  #keep(user: string, read: Promise<Settings>): void {
    this.#known.set(user, read);
    const isMine = () => this.#known.get(user) === read; // else a change was first
    read.then(
      (settings) => isMine() && this.#known.set(user, settings),
      () => isMine() && this.#known.delete(user),
    );
  }
}
