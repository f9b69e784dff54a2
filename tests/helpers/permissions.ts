/** What a test may do here, so that it is ignored visibly where it may not. */

/** Whether everything is allowed: to run processes, use the network and files. */
export const allowsAll = (["run", "net", "read", "write", "env", "sys"] as const)
  .every((name) => Deno.permissions.querySync({ name }).state === "granted");

/** Where Chromium is, or `null`. Says once how to get it. */
export const chromiumPath = allowsAll ? findChromium() : null;

function findChromium(): string | null {
  const path = Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium";
  try {
    Deno.statSync(path);
    return path;
  } catch {
    console.log(
      "Browser tests are ignored: no Chromium at " + path +
        ". Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.",
    );
    return null;
  }
}
