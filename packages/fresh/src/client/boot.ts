/**
 * Boots the islands of a page in the browser: reads the island data, loads each island's chunk,
 * and hydrates into the server's markup between the island's two comments. Islands hydrate as
 * they arrive; one that fails does not stop the others.
 */
import { h, hydrate } from "preact";
import "preact/hooks"; // nearly every island uses them: so they are in one file with Preact
import { rootBetween } from "./root.ts";

interface IslandData {
  i: [chunk: string, exportName: string, props?: Record<string, unknown>][];
  r?: string;
}

async function boot(): Promise<void> {
  const data: IslandData = JSON.parse(document.getElementById("__FRSH_STATE")!.textContent!);
  const starts = findStarts();
  const revived = data.r &&
    import("./revive.ts").then((module) => module.revive(data.r!));
  await Promise.all(
    data.i.map(async ([chunk, name, plain], index) => {
      const url = new URL(chunk, import.meta.url).href;
      const [module, all] = await Promise.all([import(url), revived]);
      const start = starts[index];
      if (start) {
        hydrate(h(module[name], all ? all[index] : plain ?? {}), rootBetween(start));
      }
    }).map((island) => island.catch(console.error)),
  );
}

/** The comment before each island, by the island's number. */
function findStarts(): Comment[] {
  const starts: Comment[] = [];
  const walker = document.createTreeWalker(document, 128);
  while (walker.nextNode()) {
    const comment = walker.currentNode as Comment;
    const [word, index] = comment.data.split(":");
    if (word === "island") starts[+index] = comment;
  }
  return starts;
}

boot();
