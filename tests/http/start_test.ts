/** Starting badly: one clear sentence, a non-zero exit, no stack trace. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { allowsAll } from "../helpers/permissions.ts";

const ROOT = new URL("../../", import.meta.url);

function test(name: string, run: () => Promise<void>): void {
  Deno.test({ name, ignore: !allowsAll, fn: run });
}

async function start(
  env: Record<string, string>,
  args = ["run", "-A", "fresh.config.ts", "serve"],
) {
  const command = new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { HOST: "127.0.0.1", DENO_KV_PATH: ":memory:", ...env },
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stderr } = await command.output();
  // deno-lint-ignore no-control-regex
  return { code, message: new TextDecoder().decode(stderr).replace(/\x1b\[\d+m/g, "").trim() };
}

function assertOneSentence({ code, message }: { code: number; message: string }, about: RegExp) {
  assert(code !== 0);
  assertEquals(message.split("\n").length, 1, message);
  assertMatch(message, about);
}

test("a busy port is named", async () => {
  const busy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = busy.addr;
  assertOneSentence(await start({ PORT: String(port) }), new RegExp(`^Port ${port} is in use`));
  busy.close();
});

test("an unusable data folder is named", async () => {
  const file = await Deno.makeTempFile();
  const path = `${file}/parley.kv`;
  assertOneSentence(await start({ DENO_KV_PATH: path, PORT: "0" }), /^Cannot open the database at/);
  await Deno.remove(file);
});

test("a malformed variable is named", async () => {
  assertOneSentence(await start({ PORT: "eighty" }), /PORT is not a whole number/);
  assertOneSentence(await start({ PORT: "70000" }), /PORT is not between/);
  assertOneSentence(await start({ OIDC_ISSUER: "nowhere" }), /OIDC_ISSUER/);
  assertOneSentence(await start({ GITHUB_CLIENT_ID: "x" }), /must be set together/);
});

test("deno serve reports a malformed variable the same way", async () => {
  const args = ["serve", "-A", "--host", "127.0.0.1", "--port", "0", "_fresh/server.js"];
  assertOneSentence(await start({ TRUST_PROXY: "maybe" }, args), /TRUST_PROXY/);
});
