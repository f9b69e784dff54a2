import { assert, assertEquals } from "@std/assert";
import { createAccount } from "../../lib/store/accounts.ts";
import { addInstance, listInstances, removeInstance } from "../../lib/store/presence.ts";
import { createSession, getSession } from "../../lib/store/sessions.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { stubKv } from "../helpers/stub_kv.ts";

Deno.test("writes wait while another isolate holds the lock of the database file", async () => {
  using real = await freshKv();
  let commits = 0;
  const kv = stubKv(real, {
    async commit(_, run) {
      if (commits++ % 2 === 0) throw new TypeError("database is locked");
      return await run();
    },
  });
  await addInstance(kv, "one", Date.now() + 60_000);
  assertEquals(await listInstances(kv), ["one"]);
  await removeInstance(kv, "one", Date.now());
  assertEquals(await listInstances(kv), []);
  const { id } = await createAccount(kv, {
    username: "ada",
    name: "Ada",
    password: "correct horse battery",
  });
  assertEquals((await getSession(kv, await createSession(kv, id)))?.user.id, id);
  assert(commits >= 8);
});
