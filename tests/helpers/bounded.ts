/**
 * Loaded before the tests: whatever waits for something that never comes fails, and the others go
 * on. Far longer than any test takes, on any machine.
 */

const LIMIT_MS = 20 * 60_000;

const test = new Proxy(Deno.test, {
  apply(target, self, args: unknown[]) {
    const at = args.findIndex((one) => typeof one === "object");
    if (at < 0) args.splice(-1, 0, { timeout: LIMIT_MS });
    else args[at] = { timeout: LIMIT_MS, ...args[at] as Deno.TestDefinition };
    return Reflect.apply(target, self, args);
  },
});
Object.assign(Deno, { test });
