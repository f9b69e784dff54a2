/** From commands that are stored to what is stored: `post` becomes `posted`, and so on. */

import type { CommandOf } from "../chat/commands.ts";
import type { Draft } from "../store/drafts.ts";

/** Commands that become an event of a room. */
export type StoredCommand = CommandOf<"post" | "edit" | "delete" | "react">;

/** What a command of this person's appends. */
export function draftOf(command: StoredCommand, by: string): Draft {
  switch (command.type) {
    case "post":
      return { ...command, type: "posted", by };
    case "edit":
      return { ...command, type: "edited", by };
    case "delete":
      return { ...command, type: "deleted", by };
    case "react":
      return { ...command, type: "reacted", by };
  }
}
