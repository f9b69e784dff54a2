import { assertEquals } from "@std/assert";
import { allowsAll } from "../helpers/permissions.ts";

const MODULE = import.meta.resolve("../../lib/oauth/kv_oauth.ts");
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/** Runs code in a process of its own, since importing the package opens a KV for good. */
async function evaluate(code: string, env: Record<string, string>): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--config", CONFIG, code],
    env,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

/** Loads the package and looks whether its records are in the database at `path`. */
function signInCode(path: string): string {
  return `
    const { loadKvOAuth } = await import(${JSON.stringify(MODULE)});
    const { createHelpers } = await loadKvOAuth(${JSON.stringify(path)});
    await createHelpers({
      clientId: "c",
      authorizationEndpointUri: "https://id.example/a",
      tokenUri: "https://id.example/t",
      redirectUri: "http://localhost/callback",
    }).signIn(new Request("http://localhost/"));
    const kv = await Deno.openKv(${JSON.stringify(path)});
    console.log((await Array.fromAsync(kv.list({ prefix: [] }))).length);
    Deno.exit();`;
}

Deno.test({
  name: "loadKvOAuth() opens the database that Parley chose, whether the variable is set or not",
  ignore: !allowsAll,
  async fn() {
    const folder = await Deno.makeTempDir();
    for (const [name, variable] of [["unset", ""], ["set", `${folder}/set.kv`]]) {
      const code = signInCode(`${folder}/${name}.kv`);
      assertEquals(await evaluate(code, { DENO_KV_PATH: variable }), "1", name);
    }
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "loadKvOAuth() works with a database in memory",
  ignore: !allowsAll,
  async fn() {
    // The package has a database of its own, so ours stays empty.
    assertEquals(await evaluate(signInCode(":memory:"), { DENO_KV_PATH: ":memory:" }), "0");
  },
});
