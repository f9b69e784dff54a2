/** Above the lists: whose app this is, the way to groups, and a menu of the viewer's own. */

import type { Person } from "../lib/chat/people.ts";
import type { ListTools } from "./ListTools.tsx";
import { Mark } from "./Mark.tsx";

/** What draws on the server alone; see `server_parts.ts`. */
export const server: { tools?: typeof ListTools } = {};

/** The page's heading is the open room's name, or else this one. */
export function ListHeader({ me, isHeading }: { me: Person; isHeading: boolean }) {
  const Name = isHeading ? "h1" : "p";
  return (
    <header class="flex items-center justify-between h-16 ps-4 pe-3">
      <a href="/chat" class="flex items-center gap-2 min-h-[2.75rem] rounded-lg">
        <span class="text-accent">
          <Mark />
        </span>
        <Name class="text-lg font-bold tracking-tight">Parley</Name>
      </a>
      {server.tools
        ? <div class="flex">{server.tools({ me })}</div>
        // Nothing in it changes: a browser keeps what the server has drawn, without its code.
        : <div class="flex" dangerouslySetInnerHTML={{ __html: "" }} />}
    </header>
  );
}
