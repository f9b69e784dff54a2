/** Which tests can run: those that lack a permission are shown as ignored. */

/** Whether all permissions that the tests with real builds and servers need are there. */
export const allowed: boolean = (["read", "write", "net", "run", "env"] as const)
  .every((name) => Deno.permissions.querySync({ name }).state === "granted");
