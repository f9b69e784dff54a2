/** Starting badly: one clear sentence, a non-zero exit, no stack trace. */

import { assertFailsToStart } from "../helpers/failed_start.ts";
import { allowsAll } from "../helpers/permissions.ts";

function test(name: string, run: () => Promise<void>): void {
  Deno.test({ name, ignore: !allowsAll, fn: run });
}

test("a busy port is named", async () => {
  const busy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = busy.addr;
  await assertFailsToStart({ PORT: String(port) }, new RegExp(`^Port ${port} is in use`));
  busy.close();
});

test("an unusable data folder is named", async () => {
  const file = await Deno.makeTempFile();
  const path = `${file}/parley.kv`;
  await assertFailsToStart({ DENO_KV_PATH: path, PORT: "0" }, /^Cannot open the database at/);
  await Deno.remove(file);
});

test("a malformed variable is named", async () => {
  await assertFailsToStart({ PORT: "eighty" }, /PORT is not a whole number/);
  await assertFailsToStart({ PORT: "70000" }, /PORT is not between/);
  await assertFailsToStart({ OIDC_ISSUER: "nowhere" }, /OIDC_ISSUER/);
  await assertFailsToStart({ GITHUB_CLIENT_ID: "x" }, /must be set together/);
});

test("deno serve reports a malformed variable the same way", async () => {
  const args = ["serve", "-A", "--host", "127.0.0.1", "--port", "0", "_fresh/server.js"];
  await assertFailsToStart({ TRUST_PROXY: "maybe" }, /TRUST_PROXY/, args);
});
