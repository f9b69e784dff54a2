import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { allowed } from "./permissions.ts";
import { applyBuild } from "./site.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Opens a page of the fixture, and fails on anything that the browser complains about. */
async function visit(path: string, use: (page: Page, scripts: string[]) => Promise<void>) {
  const { app } = await import("./fixture/main.ts");
  await applyBuild(app);
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, app.handler());
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    const scripts: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (request.resourceType() === "script") scripts.push(new URL(request.url()).pathname);
    });
    await page.addInitScript(() => {
      const seen = globalThis as unknown as { violations: string[]; nodes: WeakSet<Node> };
      seen.violations = [];
      addEventListener("securitypolicyviolation", (e) => seen.violations.push(e.violatedDirective));
    });
    await page.goto(`http://127.0.0.1:${server.addr.port}${path}`);
    await use(page, scripts);
    assertEquals(await page.evaluate("violations"), []);
    assertEquals(complaints, []);
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

/** Waits until the islands of a page are hydrated: those of `/plain` say where they run. */
async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => document.getElementById("where")?.textContent === "browser");
}

/** Waits until an element hears clicks. */
async function untilHears(page: Page, id: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const expression = `document.getElementById("${id}")`;
  for (let tries = 0; tries < 300; tries++) {
    const { result: { objectId = "" } } = await session.send("Runtime.evaluate", { expression });
    const { listeners } = await session.send("DOMDebugger.getEventListeners", { objectId });
    if (listeners.some(({ type }) => type === "click")) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`#${id} hears no clicks`);
}

const options = {
  ignore: !allowed || !exists(CHROMIUM),
  sanitizeOps: false,
  sanitizeResources: false,
};

Deno.test({ ...options, name: "two islands share one signal in the browser" }, async () => {
  await visit("/island", async (page) => {
    for (const id of ["a", "b"]) await untilHears(page, id);
    await page.click("#a");
    await page.click("#b");
    assertEquals(await page.textContent("#a"), "a: 5");
    assertEquals(await page.textContent("#b"), "b: 5");
    assertEquals(await page.textContent("#rich"), "1970-01-01T00:00:00.000Z x 8 2");
  });
});

Deno.test({ ...options, name: "an island takes over the server's own elements" }, async () => {
  await visit("/plain", async (page) => {
    await hydrated(page);
    assertEquals(await page.textContent("#text"), "</script><b>");
    const parents = await page.$$eval("main > *", (all) => all.map((each) => each.tagName));
    assertEquals(parents, ["SPAN", "SPAN", "A", "BUTTON", "BUTTON", "I", "I"]);
  });
});

Deno.test({ ...options, name: "hydration keeps every node of the markup" }, async () => {
  await visit("/", async (page) => {
    // The page is fetched and its scripts run by hand, so that nodes can be marked in between.
    await page.evaluate(async () => {
      const html = await (await fetch("/plain")).text();
      const boot = /<script type="module" src="([^"]+)/.exec(html)?.[1] ?? "";
      document.body.innerHTML = html.slice(html.indexOf("<body>") + 6, html.indexOf("</body>"));
      const before = [...document.querySelectorAll("main *")];
      await import(new URL(boot, location.href).href);
      while (document.getElementById("where")?.textContent !== "browser") {
        await new Promise(requestAnimationFrame);
      }
      const after = [...document.querySelectorAll("main *")];
      if (after.some((node, i) => node !== before[i])) throw new Error("nodes were made anew");
    });
  });
});

Deno.test({ ...options, name: "import() in an island loads its chunk on demand" }, async () => {
  await visit("/plain", async (page, scripts) => {
    await hydrated(page);
    await page.waitForLoadState("networkidle");
    const before = scripts.length;
    assert(before > 0);
    await page.click("#load");
    await page.waitForFunction(() =>
      document.getElementById("load")?.textContent === "loaded lazily"
    );
    assertEquals(scripts.length, before + 1);
  });
});

Deno.test({ ...options, name: "what an island adds stays before its end comment" }, async () => {
  await visit("/plain", async (page) => {
    await hydrated(page);
    await page.click("#grow");
    await page.waitForSelector(".item:nth-of-type(3)");
    const last = await page.$eval("main", (main) => main.lastChild?.nodeType);
    assertEquals(last, 8);
    assertEquals(
      await page.$$eval(".item", (all) => all.map((i) => i.textContent).join()),
      "0,1,2",
    );
  });
});

Deno.test({ ...options, name: "a page without islands loads no script" }, async () => {
  await visit("/", async (page, scripts) => {
    await page.waitForLoadState("networkidle");
    assertEquals(scripts, []);
  });
});
