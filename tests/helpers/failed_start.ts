/** Servers that must not start: what they say instead. */

import { assert, assertEquals, assertMatch } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);

/** Starts the built app, which must end by itself, not well, and with one sentence. */
export async function assertFailsToStart(
  env: Record<string, string>,
  about: RegExp,
  args = ["run", "-A", "fresh.config.ts", "serve"],
): Promise<void> {
  const command = new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { HOST: "127.0.0.1", DENO_KV_PATH: ":memory:", NO_COLOR: "1", ...env },
    stdout: "null",
  });
  const { code, stderr } = await command.output();
  const message = new TextDecoder().decode(stderr).trim();
  assert(code !== 0);
  assertEquals(message.split("\n").length, 1, message);
  assertMatch(message, about);
}
