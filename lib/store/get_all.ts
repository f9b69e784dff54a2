/** Reads of any number of keys: KV answers ten at a time, which are asked for side by side. */

const KEYS_PER_READ = 10;

/** The entries of keys, in order. Each ten are consistent; all together need not be. */
export async function getAll<T>(
  kv: Deno.Kv,
  keys: readonly Deno.KvKey[],
): Promise<Deno.KvEntryMaybe<T>[]> {
  const reads: Promise<Deno.KvEntryMaybe<T>[]>[] = [];
  for (let i = 0; i < keys.length; i += KEYS_PER_READ) {
    reads.push(kv.getMany<T[]>(keys.slice(i, i + KEYS_PER_READ)));
  }
  return (await Promise.all(reads)).flat();
}
