/** From commands that are stored to what is stored: `post` becomes `posted`, and so on. */

import type { CommandOf } from "../chat/commands.ts";
import type { ChangeDraft, Draft } from "../store/drafts.ts";

/** Commands that change a message. */
export type ChangeCommand = CommandOf<"edit" | "delete" | "react" | "pin">;
/** Commands that become an event of a room. */
export type StoredCommand = CommandOf<"post"> | ChangeCommand;

/** What a command of this person's appends. */
export function draftOf(command: StoredCommand, by: string): Draft {
  return command.type === "post" ? { ...command, type: "posted", by } : changeOf(command, by);
}

/** What a change of this person's appends. */
export function changeOf(command: ChangeCommand, by: string): ChangeDraft {
  switch (command.type) {
    case "edit":
      return { ...command, type: "edited", by };
    case "delete":
      return { ...command, type: "deleted", by };
    case "react":
      return { ...command, type: "reacted", by };
    case "pin":
      return { ...command, type: "pinned", by };
  }
}
