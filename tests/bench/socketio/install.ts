/**
 * The yardstick's packages, installed by npm into the system's temporary folder when they are
 * first needed: the app itself does not depend on them. better-sqlite3 13 crashes on Node 20, so
 * that gets the last 12; where no ready-made binary can be had, npm compiles it (about a minute).
 */

const SOCKET_IO = "socket.io@4.8.4";

/** Where the packages are, or why they are not. */
export async function installSocketIo(): Promise<{ folder: string } | { problem: string }> {
  const version = await output("node", ["--version"]);
  const major = Number(/^v(\d+)/.exec(version ?? "")?.[1] ?? 0);
  if (major < 20) return { problem: "there is no Node 20 or newer" };
  const sqlite = `better-sqlite3@${major < 22 ? "12.11.1" : "13.2.0"}`;
  const folder = `${Deno.env.get("TMPDIR") ?? "/tmp"}/parley-bench-${sqlite}-node${major}`;
  if (await isInstalled(folder)) return { folder };
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/package.json`, '{ "private": true }\n');
  console.error(`Installing ${SOCKET_IO} and ${sqlite} into ${folder} …`);
  const args = ["install", "--no-audit", "--no-fund", "--save-exact", SOCKET_IO, sqlite];
  if (await output("npm", args, folder) === null || !await isInstalled(folder)) {
    return { problem: `npm could not install ${SOCKET_IO} and ${sqlite}` };
  }
  return { folder };
}

/** Whether both packages load; a native module may be there and not fit. */
async function isInstalled(folder: string): Promise<boolean> {
  const check = "require('socket.io'); new (require('better-sqlite3'))(':memory:')";
  const isThere = await Deno.stat(folder).then(() => true, () => false);
  return isThere && await output("node", ["-e", check], folder) !== null;
}

async function output(program: string, args: string[], cwd?: string): Promise<string | null> {
  try {
    const command = new Deno.Command(program, { args, cwd, stdout: "piped", stderr: "null" });
    const { success, stdout } = await command.output();
    return success ? new TextDecoder().decode(stdout) : null;
  } catch {
    return null; // there is no such program
  }
}
