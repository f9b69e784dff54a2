/** Databases for tests: empty, one for each test, gone afterwards. */

/** Whether files may be written here; tests that need it are ignored without. */
export const allowsFiles = (["read", "write"] as const)
  .every((name) => Deno.permissions.querySync({ name }).state === "granted");

/** An empty database in memory. Declare it with `using`. */
export function freshKv(): Promise<Deno.Kv> {
  return Deno.openKv(":memory:");
}

/** Handles on one database file, as several instances have them. Declare it with `await using`. */
export async function kvFile(count: number): Promise<KvFile> {
  const dir = await Deno.makeTempDir();
  const path = `${dir}/test.kv`;
  const kvs: Deno.Kv[] = [];
  for (let n = 0; n < count; n++) kvs.push(await Deno.openKv(path));
  return {
    kvs,
    open: () => Deno.openKv(path),
    async [Symbol.asyncDispose]() {
      for (const kv of kvs) kv.close();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

/** A database file and its handles. */
export interface KvFile extends AsyncDisposable {
  kvs: Deno.Kv[];
  /** One more handle, which the caller closes. */
  open(): Promise<Deno.Kv>;
}
