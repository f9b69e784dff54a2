/** A `Deno.Kv` that fails, counts or waits where a test says so, and is the real one otherwise. */

/** What one commit consists of. */
export interface Commit {
  checks: number;
  mutations: number;
  /** Values that are set. */
  values: unknown[];
}

/** Called in the place of what they name; without one, nothing is changed. */
export interface KvHooks {
  /** Before each `get` and `getMany`, with the key or keys. */
  read?(what: unknown): void | Promise<void>;
  /** For each entry that a list reads. */
  entry?(): void;
  /** Before each list. */
  list?(): void;
  /** After a list was read and before its reader knows its end. */
  listed?(selector: Deno.KvListSelector): void | Promise<void>;
  /** Before each watch; in its place when it answers a stream. */
  watch?(): ReadableStream<never> | void;
  /** In the place of a commit; `run` really commits. */
  commit?(
    commit: Commit,
    run: () => Promise<Deno.KvCommitResult | Deno.KvCommitError>,
  ): Promise<Deno.KvCommitResult | Deno.KvCommitError>;
}

export function stubKv(kv: Deno.Kv, hooks: KvHooks): Deno.Kv {
  return new Proxy(kv, {
    get(target, name) {
      if (name === "atomic") return () => stubAtomic(target.atomic(), hooks);
      const member = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      const method = member.bind(target);
      if (name === "list") return (...args: unknown[]) => entries(method, args, hooks);
      if (name === "get" || name === "getMany") return reader(method, hooks);
      if (name === "watch") return (...args: unknown[]) => hooks.watch?.() ?? method(...args);
      return method;
    },
  });
}

function reader(method: (...args: unknown[]) => unknown, { read }: KvHooks) {
  return async (...args: unknown[]) => {
    await read?.(args[0]);
    return await method(...args);
  };
}

async function* entries(
  method: (...args: unknown[]) => AsyncIterable<unknown>,
  args: unknown[],
  { list, entry, listed }: KvHooks,
): AsyncGenerator<unknown> {
  list?.();
  for await (const one of method(...args)) {
    entry?.();
    yield one;
  }
  await listed?.(args[0] as Deno.KvListSelector);
}

function stubAtomic(atomic: Deno.AtomicOperation, hooks: KvHooks): Deno.AtomicOperation {
  const commit: Commit = { checks: 0, mutations: 0, values: [] };
  const proxy: Deno.AtomicOperation = new Proxy(atomic, {
    get(target, name) {
      const method = Reflect.get(target, name).bind(target);
      if (name === "commit") {
        return () => hooks.commit ? hooks.commit(commit, () => method()) : method();
      }
      return (...args: unknown[]) => {
        if (name === "check") commit.checks += args.length;
        else commit.mutations++;
        if (name === "set") commit.values.push(args[1]);
        method(...args);
        return proxy;
      };
    },
  });
  return proxy;
}
