import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { App, staticFiles } from "fresh";
import { mapSpecifier } from "../src/build/resolve.ts";
import { listFiles } from "../src/build/walk.ts";
import { allowed } from "./permissions.ts";
import { fixtureBuilder } from "./site.ts";

const ignore = !allowed;
const fixture = new URL("./fixture/", import.meta.url);
const tmp = new URL("./tmp/", import.meta.url);

async function tempDir(): Promise<string> {
  await Deno.mkdir(tmp, { recursive: true });
  return await Deno.makeTempDir({ dir: tmp.pathname });
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (name === "_fresh") continue;
    if (isDirectory) await copy(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

async function contents(dir: string): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const path of await listFiles(dir)) all[path] = await Deno.readTextFile(`${dir}/${path}`);
  return all;
}

/** Runs `deno serve` on a build until the callback is done. */
async function serving(
  entry: string,
  args: string[],
  use: (origin: string) => Promise<void>,
): Promise<void> {
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["serve", "-A", "--config", config, "--host", "127.0.0.1", "--port", "0", ...args, entry],
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const log = child.stderr.pipeThrough(new TextDecoderStream());
  const reader = log.getReader();
  try {
    let seen = "";
    let port: string | undefined;
    while (!port) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`deno serve ended: ${seen}`);
      seen += value;
      port = /http:\/\/[^\s/]*:(\d+)/.exec(seen)?.[1];
    }
    await use(`http://127.0.0.1:${port}`);
  } finally {
    child.kill();
    await reader.cancel();
    await child.status;
  }
}

Deno.test(
  { name: "two builds of the same files are equal, wherever they lie", ignore },
  async () => {
    const [one, two] = [await tempDir(), await tempDir()];
    try {
      for (const root of [one, two]) {
        await copy(fixture.pathname, root);
        await fixtureBuilder({ root }).build();
      }
      const [first, second] = [await contents(`${one}/_fresh`), await contents(`${two}/_fresh`)];
      assertEquals(Object.keys(first), Object.keys(second));
      assertEquals(first, second);
      for (const text of Object.values(first)) assert(!text.includes(Deno.cwd()));
    } finally {
      await Deno.remove(one, { recursive: true });
      await Deno.remove(two, { recursive: true });
    }
  },
);

Deno.test(
  { name: "a build moves with its app, and answers under deno serve", ignore },
  async () => {
    const [made, moved] = [await tempDir(), await tempDir()];
    try {
      await copy(fixture.pathname, made);
      await fixtureBuilder({ root: made }).build();
      await Deno.remove(moved);
      await Deno.rename(made, moved);
      for (const args of [[], ["--parallel"]]) {
        await serving(`${moved}/_fresh/server.js`, args, async (origin) => {
          await untilAllListen(origin);
          const html = await (await fetch(`${origin}/island`)).text();
          assertStringIncludes(html, "<!--island:0-->");
          const css = await fetch(`${origin}/css/main.css`);
          assertStringIncludes(await css.text(), "color: black");
          assertEquals(await echo(origin), "echo hello");
        });
      }
    } finally {
      await Deno.remove(moved, { recursive: true });
    }
  },
);

/** With `--parallel` the port is open before every worker is: a connection may then be cut once. */
async function untilAllListen(origin: string): Promise<void> {
  for (let good = 0, tries = 0; good < 5; tries++) {
    const isGood = await echo(origin).then(() => true, () => false);
    good = isGood ? good + 1 : 0;
    if (tries > 100) throw new Error("The server does not keep its connections");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function echo(origin: string): Promise<string> {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/echo`);
  const closed = new Promise((done) => socket.onclose = done);
  socket.onopen = () => socket.send("hello");
  const answer = new Promise<string>((done) => socket.onmessage = (e) => done(e.data));
  const ended = closed.then((): string => {
    throw new Error("The socket closed without an answer");
  });
  const text = await Promise.race([answer, ended]);
  ended.catch(() => {});
  socket.close();
  await closed;
  return text;
}

Deno.test({ name: "server.js can be imported by another program", ignore }, async () => {
  const dir = await tempDir();
  try {
    await fixtureBuilder({ outDir: dir }).build();
    const { default: server } = await import(`file://${dir}/server.js`);
    const response: Response = await server.fetch(new Request("http://localhost/"));
    assertStringIncludes(await response.text(), "Hello nobody");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test({ name: "onTransformStaticFile() changes what is served", ignore }, async () => {
  const builder = fixtureBuilder();
  builder.onTransformStaticFile(
    { pluginName: "test", filter: /\.css$/ },
    (args) => ({ content: `/* made */ ${args.text}` }),
  );
  const app = new App().use(staticFiles());
  (await builder.build({ snapshot: "memory" }))(app);
  const response = await app.handler()(new Request("http://localhost/css/main.css"));
  assertStringIncludes(await response.text(), "/* made */ main");
});

Deno.test(
  { name: "listFiles() leaves out links that lead out of the folder", ignore },
  async () => {
    const dir = await tempDir();
    try {
      await Deno.writeTextFile(`${dir}/real.txt`, "");
      await Deno.symlink(new URL("./main.ts", fixture).pathname, `${dir}/out.txt`);
      await Deno.symlink(fixture.pathname, `${dir}/folder`);
      await Deno.symlink(`${dir}/real.txt`, `${dir}/inside.txt`);
      assertEquals(await listFiles(dir), ["inside.txt", "real.txt"]);
      assertEquals(await listFiles(`${dir}/absent`), []);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
);

Deno.test("mapSpecifier() reads an import map as Deno does", () => {
  const imports = { zod: "npm:zod@^4", "@/": "./", "fresh/runtime": "jsr:@fresh/core@2/runtime" };
  assertEquals(mapSpecifier("zod/mini", imports), "npm:zod@^4/mini");
  assertEquals(mapSpecifier("@/lib/a.ts", imports), "./lib/a.ts");
  assertEquals(mapSpecifier("fresh/runtime", imports), "jsr:@fresh/core@2/runtime");
  assertEquals(mapSpecifier("zodiac", imports), "zodiac");
});

Deno.test(
  { name: "without a port listen() takes the first free one from 8000", ignore },
  async () => {
    const stop = new AbortController();
    const ports: number[] = [];
    const onListen = ({ port }: Deno.NetAddr) => void ports.push(port);
    const options = { hostname: "127.0.0.1", signal: stop.signal, onListen };
    const app = new App().get("/", (ctx) => ctx.text("up"));
    await app.listen(options);
    await app.listen(options);
    const [first, second] = ports;
    assert(first >= 8000 && first < second && second <= 8019);
    assertEquals(await (await fetch(`http://127.0.0.1:${second}/`)).text(), "up");
    stop.abort();
    await new Promise((done) => setTimeout(done, 0));
  },
);

Deno.test(
  { name: "listen() of the builder tells the browser when it restarts", ignore },
  async () => {
    const stop = new AbortController();
    const port = Promise.withResolvers<number>();
    await fixtureBuilder().listen(() => import("./fixture/main.ts"), {
      port: 0,
      hostname: "127.0.0.1",
      signal: stop.signal,
      onListen: (addr) => port.resolve(addr.port),
    });
    const origin = `http://127.0.0.1:${await port.promise}`;
    const html = await (await fetch(`${origin}/`)).text();
    assertMatch(html, /<script type="module" src="\/_fresh\/reload.js" nonce="\w+">/);
    assertStringIncludes(
      await (await fetch(`${origin}/_fresh/reload.js`)).text(),
      "location.reload",
    );
    const alive = await fetch(`${origin}/_fresh/alive`);
    const reader = alive.body!.pipeThrough(new TextDecoderStream()).getReader();
    assertMatch((await reader.read()).value ?? "", /^retry: \d+\ndata: [\w-]+\n\n$/);
    await reader.cancel();
    stop.abort();
    await new Promise((done) => setTimeout(done, 0));
  },
);
