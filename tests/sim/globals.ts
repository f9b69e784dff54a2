/**
 * Puts a world in the place of the runtime's clock, timers and randomness while a seed runs, and
 * hears what nobody caught. `queueMicrotask` and promises stay as they are: the world waits for them.
 */

import { ConflictError, OverloadedError } from "../../lib/chat/errors.ts";
import { SimFault } from "./faults.ts";
import type { World } from "./world.ts";

/** Installs the world; disposing the answer puts everything back. */
export function install(world: World): Disposable {
  const stack = new DisposableStack();
  const timers = new Timers(world);
  replace(stack, Date, "now", () => world.clock);
  const random = world.random.fork();
  replace(stack, Math, "random", () => random.next());
  replace(stack, crypto, "getRandomValues", fill(world));
  replace(stack, globalThis, "setTimeout", timers.set.bind(timers));
  replace(stack, globalThis, "clearTimeout", timers.clear.bind(timers));
  replace(stack, globalThis, "setInterval", timers.repeat.bind(timers));
  replace(stack, globalThis, "clearInterval", timers.clear.bind(timers));
  replace(stack, globalThis, "setImmediate", (run: () => void) => timers.set(run));
  replace(stack, console, "error", (...args: unknown[]) => logged(world, args));
  hear(stack, "unhandledrejection", (event) => {
    event.preventDefault();
    world.fail(`unhandled rejection in ${world.current.name}: ${text(event.reason)}`);
  });
  hear(stack, "error", (event) => {
    event.preventDefault();
    world.fail(`uncaught in ${world.current.name}: ${text(event.error)}`);
  });
  return stack;
}

/** What the owner of the moment asks the runtime's timers for. */
class Timers {
  #world: World;
  #last = 0;
  #tasks = new Map<number, { run: (() => void) | null }>();

  constructor(world: World) {
    this.#world = world;
  }

  set(run: () => void, ms = 0): number {
    const id = ++this.#last;
    const { current } = this.#world;
    const task = this.#world.after(current, ms, () => {
      this.#tasks.delete(id);
      run();
    });
    this.#tasks.set(id, task);
    return id;
  }

  repeat(run: () => void, ms: number): number {
    const id = ++this.#last;
    const { current } = this.#world;
    const again = () => {
      this.#tasks.set(id, this.#world.after(current, ms, again));
      run();
    };
    this.#tasks.set(id, this.#world.after(current, ms, again));
    return id;
  }

  clear(id?: number): void {
    const task = this.#tasks.get(id ?? 0);
    if (task) task.run = null;
    this.#tasks.delete(id ?? 0);
  }
}

function fill(world: World) {
  const random = world.random.fork();
  return <T extends ArrayBufferView | null>(array: T): T => {
    if (array === null) return array;
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let i = 0; i < bytes.length; i++) bytes[i] = random.int(0, 255);
    return array;
  };
}

/** What the code logs as an error must be a fault of the simulation's or its consequence. */
function logged(world: World, args: unknown[]): void {
  const errors = args.filter((arg) => arg instanceof Error);
  const known = errors.every((error) =>
    error instanceof SimFault || error instanceof ConflictError || error instanceof OverloadedError
  );
  const line = args.map(text).join(" ");
  if (known) world.trace(world.current.name, "logs", line);
  else world.fail(`${world.current.name} logged: ${line}`);
}

function replace(stack: DisposableStack, target: object, name: string, value: unknown): void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  stack.defer(() => {
    if (own) Object.defineProperty(target, name, own);
    else Reflect.deleteProperty(target, name);
  });
}

function hear<K extends keyof WindowEventMap>(
  stack: DisposableStack,
  name: K,
  heard: (event: WindowEventMap[K]) => void,
): void {
  const listener = (event: Event) => heard(event as WindowEventMap[K]);
  globalThis.addEventListener(name, listener);
  stack.defer(() => globalThis.removeEventListener(name, listener));
}

function text(value: unknown): string {
  if (!(value instanceof Error)) return String(value);
  return value instanceof SimFault ? value.message : value.stack ?? value.message;
}
