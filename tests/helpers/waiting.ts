/** Waiting for what must happen, with an error instead of a test that hangs. */

const LIMIT_MS = 30_000;

/** The promise's value, or an error that says what did not happen. */
export async function within<T>(promise: Promise<T>, what: string, ms = LIMIT_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not within ${ms} ms: ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** A list that things are added to, and that can be waited for. */
export class Recorder<T> {
  readonly all: T[] = [];
  #waiting = new Set<() => void>();

  add(item: T): void {
    this.all.push(item);
    for (const look of [...this.#waiting]) look();
  }

  /** Resolves once the list is as asked. */
  until(isDone: (all: T[]) => boolean, what: string): Promise<T[]> {
    if (isDone(this.all)) return Promise.resolve(this.all);
    const { promise, resolve } = Promise.withResolvers<T[]>();
    const look = () => {
      if (!isDone(this.all)) return;
      this.#waiting.delete(look);
      resolve(this.all);
    };
    this.#waiting.add(look);
    return within(promise, what).finally(() => this.#waiting.delete(look));
  }
}

/** Runs with `console.error` recorded instead of shown: for failures that a test makes. */
export async function quietly<T>(run: (errors: unknown[][]) => Promise<T>): Promise<T> {
  const real = console.error;
  const errors: unknown[][] = [];
  console.error = (...args) => errors.push(args);
  try {
    return await run(errors);
  } finally {
    console.error = real;
  }
}
