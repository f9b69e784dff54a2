/**
 * Who may import whom: the table of docs/architecture.md as data. Every import of every module is
 * read from its text, also `import type`, `export … from` and `import()`.
 */

import { assert, assertEquals } from "@std/assert";

/** What modules of a place may import. Places are longest prefix first. */
interface Rule {
  place: string;
  /** Prefixes of our own modules; `""` is all. The place itself is always among them. */
  ours: string[];
  /** Packages by name; `*` is all. */
  packages: string[];
  /** What may be imported only as types, besides. */
  types?: string[];
}

const PREACT = ["preact", "preact/hooks", "@preact/signals", "fresh/runtime"];

const RULES: Rule[] = [
  { place: "lib/chat/", ours: [], packages: [] },
  { place: "lib/chat/shapes.ts", ours: ["lib/chat/"], packages: ["zod"] },
  { place: "lib/chat/commands.ts", ours: ["lib/chat/"], packages: ["zod"] },
  { place: "lib/chat/group_commands.ts", ours: ["lib/chat/"], packages: ["zod"] },
  { place: "lib/chat/facts.ts", ours: ["lib/chat/"], packages: ["zod"] },
  { place: "lib/chat/fact_values.ts", ours: ["lib/chat/"], packages: ["zod"] },
  { place: "lib/store/", ours: ["lib/chat/"], packages: [] },
  { place: "lib/store/sha256.ts", ours: ["lib/chat/", "lib/store/"], packages: ["node:crypto"] },
  { place: "lib/live/", ours: ["lib/chat/", "lib/store/"], packages: [] },
  { place: "lib/push/", ours: ["lib/chat/", "lib/store/", "lib/live/"], packages: ["zod"] },
  { place: "lib/client/", ours: ["lib/chat/"], packages: ["@preact/signals"] },
  { place: "lib/", ours: ["lib/", "components/"], packages: ["*"] },
  {
    place: "components/",
    ours: ["lib/chat/", "lib/theme_colors.ts"],
    packages: PREACT,
    types: [""],
  },
  { place: "islands/", ours: ["components/", "lib/chat/", "lib/client/"], packages: PREACT },
  { place: "routes/", ours: ["lib/", "components/", "islands/"], packages: ["*"] },
  { place: "packages/fresh/", ours: [], packages: ["*"] },
  { place: "packages/kv-oauth/", ours: [], packages: ["*"] },
  { place: "packages/std-assert/", ours: [], packages: ["*"] },
  { place: "main.ts", ours: ["lib/", "routes/", "components/", "islands/"], packages: ["*"] },
];

/** Browser code; zod must not come with it. */
const BROWSER = ["lib/chat/", "lib/client/", "components/", "islands/"];
const SERVER_ONLY = [
  "lib/chat/shapes.ts",
  "lib/chat/commands.ts",
  "lib/chat/group_commands.ts",
  "lib/chat/facts.ts",
  "lib/chat/fact_values.ts",
];

interface Import {
  specifier: string;
  isType: boolean;
}

const CLAUSE = /^\s*(?:import|export)\s+(type\s)?\s*([\w*{}\s,$]*?)\s*from\s*["']([^"']+)["']/gm;
const BARE = /^\s*import\s*["']([^"']+)["']/gm;
const DYNAMIC = /\bimport\s*\(\s*["'`]([^"'`]+)["'`]/g;

/** The imports of a module's text. */
function importsOf(source: string): Import[] {
  const code = withoutComments(source);
  return [
    ...[...code.matchAll(CLAUSE)].map(([, type, names, specifier]) => ({
      specifier,
      isType: type !== undefined || /^\{(\s*type\s[^,}]+,?)+\s*\}$/.test(names),
    })),
    ...[...code.matchAll(BARE), ...code.matchAll(DYNAMIC)]
      .map(([, specifier]) => ({ specifier, isType: false })),
  ];
}

const COMMENT_OR_STRING =
  /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

function withoutComments(source: string): string {
  return source.replace(COMMENT_OR_STRING, (_, string = "") => string);
}

function withoutStrings(source: string): string {
  return source.replace(COMMENT_OR_STRING, () => '""');
}

/** Why a module may not import this, or `null` when it may. */
function problemOf(module: string, { specifier, isType }: Import): string | null {
  const rule = ruleFor(module);
  if (!rule) return null;
  const said = `${module} imports ${isType ? "types of " : ""}${specifier}`;
  if (!specifier.startsWith(".")) {
    const isAllowed = ["*", specifier].some((name) => rule.packages.includes(name)) ||
      isType && rule.types !== undefined;
    return isAllowed ? null : said;
  }
  const target = new URL(specifier, `file:///${module}`).pathname.slice(1);
  const isBrowser = startsWithAny(module, BROWSER) && !SERVER_ONLY.includes(module);
  if (isBrowser && SERVER_ONLY.includes(target) && !isType) return said;
  const allowed = [rule.place, ...rule.ours, ...isType ? rule.types ?? [] : []];
  return startsWithAny(target, allowed) ? null : said;
}

function ruleFor(module: string): Rule | undefined {
  return RULES.filter(({ place }) => module.startsWith(place))
    .toSorted((a, b) => b.place.length - a.place.length)[0];
}

function startsWithAny(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path.startsWith(prefix));
}

const ROOT = new URL("../", import.meta.url);
const canRead = Deno.permissions.querySync({ name: "read", path: ROOT }).state === "granted";

/** Modules below a folder, by their paths in the repository; none when there is no folder. */
function* modulesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of entriesOf(folder)) {
    if (name.startsWith(".") || name === "node_modules" || name === "_fresh") continue;
    if (isDirectory) yield* modulesBelow(`${folder}${name}/`);
    else if (/\.(ts|tsx|js|jsx)$/.test(name)) yield `${folder}${name}`;
  }
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(new URL(folder, ROOT))];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function sourceOf(module: string): string {
  return Deno.readTextFileSync(new URL(module, ROOT));
}

const FOLDERS = ["lib/", "routes/", "islands/", "components/"];

function ourModules(): string[] {
  return ["main.ts", ...[...FOLDERS, "packages/"].flatMap((folder) => [...modulesBelow(folder)])];
}

Deno.test({
  name: "no module imports what the table of boundaries forbids",
  ignore: !canRead,
  fn() {
    const modules = ourModules().filter((module) => !module.includes("/tests/"));
    const imports = modules.flatMap((module) =>
      importsOf(sourceOf(module)).map((one) => ({ module, one }))
    );
    assert(modules.length > 60 && imports.length > 200, "premise: there is much to check");
    assertEquals(imports.flatMap(({ module, one }) => problemOf(module, one) ?? []), []);
  },
});

Deno.test("forbidden arrows are found in every form of import", () => {
  const forms = [
    (to: string) => `import { x } from "${to}";`,
    (to: string) => `import x, {\n  y,\n} from "${to}";`,
    (to: string) => `import * as x from '${to}';`,
    (to: string) => `import "${to}";`,
    (to: string) => `export * from "${to}";`,
    (to: string) => `export { x } from "${to}";`,
    (to: string) => `const x = await import("${to}");`,
    (to: string) => `import { type X, y } from "${to}";`,
  ];
  const arrows: [string, string][] = [
    ["lib/chat/text.ts", "../store/keys.ts"],
    ["lib/chat/text.ts", "zod"],
    ["lib/chat/text.ts", "./commands.ts"],
    ["lib/store/rooms.ts", "../live/live.ts"],
    ["lib/store/rooms.ts", "../config.ts"],
    ["lib/live/hub.ts", "../auth.ts"],
    ["lib/live/hub.ts", "fresh"],
    ["lib/live/live.ts", "../push/notifier.ts"],
    ["lib/push/notifier.ts", "../config.ts"],
    ["lib/client/socket.ts", "../store/keys.ts"],
    ["lib/client/socket.ts", "../chat/commands.ts"],
    ["lib/client/socket.ts", "preact"],
    ["lib/http.ts", "../routes/login.tsx"],
    ["components/Avatar.tsx", "../lib/client/chat_model.ts"],
    ["components/Avatar.tsx", "../lib/store/keys.ts"],
    ["components/Avatar.tsx", "../islands/Chat.tsx"],
    ["components/Avatar.tsx", "fresh"],
    ["islands/Chat.tsx", "../lib/live/live.ts"],
    ["islands/Chat.tsx", "../lib/chat/commands.ts"],
    ["islands/Chat.tsx", "../routes/login.tsx"],
    ["routes/login.tsx", "../main.ts"],
    ["packages/std-assert/mod.ts", "../../lib/http.ts"],
    ["packages/fresh/mod.ts", "../kv-oauth/mod.ts"],
  ];
  for (const [module, to] of arrows) {
    for (const form of forms) {
      const [found] = importsOf(form(to));
      assertEquals(found, { specifier: to, isType: false }, form(to));
      assert(problemOf(module, found) !== null, `${module}: ${form(to)}`);
    }
  }
});

Deno.test("types may go where values may not, only as far as the table says", () => {
  const types = ['import type { X } from "TO";', 'import { type X, type Y } from "TO";'];
  const arrows: [string, string, boolean][] = [
    ["components/Avatar.tsx", "../lib/client/chat_model.ts", true],
    ["lib/client/socket.ts", "../chat/commands.ts", true],
    ["islands/Chat.tsx", "../lib/chat/commands.ts", true],
    ["islands/Chat.tsx", "../lib/store/keys.ts", false],
    ["lib/chat/text.ts", "../store/keys.ts", false],
    ["lib/store/rooms.ts", "../live/live.ts", false],
    ["lib/client/socket.ts", "../live/live.ts", false],
  ];
  for (const [module, to, isAllowed] of arrows) {
    for (const form of types) {
      const [found] = importsOf(form.replace("TO", to));
      assertEquals(found, { specifier: to, isType: true });
      assertEquals(problemOf(module, found) === null, isAllowed, `${module} → ${to}`);
    }
  }
});

Deno.test("imports in comments are none, and addresses in strings are no comments", () => {
  assertEquals(importsOf('// import "a";\n/* import { b } from "b"; */\n * import "c"'), []);
  assertEquals(importsOf('const url = "http://x"; const y = await import("./d.ts");'), [
    { specifier: "./d.ts", isType: false },
  ]);
});

Deno.test({
  name: "the domain uses no global of a runtime or a browser",
  ignore: !canRead,
  fn() {
    const globals = /\b(Deno|document|window|navigator|localStorage|process|fetch)\b\s*[.[(]/;
    assert(globals.test("Deno.env"), "premise: the pattern can match");
    const users = [...modulesBelow("lib/chat/")]
      .filter((module) => globals.test(withoutStrings(sourceOf(module))));
    assertEquals(users, []);
  },
});

Deno.test({
  name: "nothing but the program reads the environment",
  ignore: !canRead,
  fn() {
    const readers = FOLDERS.flatMap((folder) => [...modulesBelow(folder)])
      .filter((module) =>
        /\bDeno\.env\.(get|has|toObject)\b/.test(withoutStrings(sourceOf(module)))
      );
    assertEquals(readers, []);
  },
});

Deno.test({
  name: "files are short; the long ones are printed",
  ignore: !canRead,
  fn() {
    for (const module of FOLDERS.flatMap((folder) => [...modulesBelow(folder)])) {
      const lines = sourceOf(module).split("\n").length - 1;
      if (lines > 300) console.warn(`${module} has ${lines} lines; look at it hard.`);
    }
  },
});
