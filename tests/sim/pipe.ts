/** One direction of a connection: in order, late, and cut at some point of what is on its way. */

import type { NetWeather } from "./faults.ts";
import type { Owner, World } from "./world.ts";

export class Pipe {
  readonly #world: World;
  readonly #to: Owner;
  readonly #weather: () => NetWeather;
  #lastAt = 0;
  #sent = 0;
  #arrived = 0;
  /** Number of messages that get through. */
  #most = Infinity;
  #stalledUntil = 0;

  constructor(world: World, to: Owner, weather: () => NetWeather) {
    this.#world = world;
    this.#to = to;
    this.#weather = weather;
  }

  /** Messages on their way. */
  get underway(): number {
    return this.#sent - this.#arrived;
  }

  get stalled(): boolean {
    return this.#world.now < this.#stalledUntil;
  }

  send(arrive: () => void): void {
    const { random, now } = this.#world;
    const { latencyMs, late } = this.#weather();
    const ms = random.between(latencyMs) + (random.chance(late) ? random.between([500, 4_000]) : 0);
    this.#lastAt = Math.max(this.#lastAt, this.#stalledUntil, now + ms);
    const number = ++this.#sent;
    this.#world.after(this.#to, this.#lastAt - now, () => {
      if (number > this.#most) return;
      this.#arrived = number;
      arrive();
    });
  }

  /** The far end reads nothing for a while. */
  stall(ms: number): void {
    this.#stalledUntil = this.#world.now + ms;
  }

  /** Breaks: a part of what is on its way still arrives, when it would have. */
  cut(part: number): void {
    this.#most = Math.min(this.#most, this.#arrived + Math.floor(this.underway * part));
  }
}
