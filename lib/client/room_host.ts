/** What a room needs from the model that it belongs to. */

import type { Command } from "../chat/commands.ts";
import type { Person } from "../chat/people.ts";
import type { RoomSummary } from "../chat/rooms.ts";
import type { Change } from "./changes.ts";
import type { OpenDrafts } from "./draft_model.ts";
import type { FilesModel } from "./files_model.ts";
import type { Outbox } from "./outbox.ts";
import type { PeopleDirectory } from "./people_directory.ts";
import type { Clock } from "./ports.ts";
import type { Ask } from "./requests.ts";

/** The world of a room. */
export interface RoomHost {
  me: Person;
  clock: Clock;
  outbox: Outbox;
  files: FilesModel;
  directory: PeopleDirectory;
  openDrafts: OpenDrafts;
  ask: Ask;
  /** All rooms of the viewer's that are known, newest on top. */
  rooms(): RoomSummary[];
  /** Sends a change of a message; resolves when it is stored. */
  make(change: Change): Promise<void>;
  send(frame: Command): boolean;
  /** Started and not closed. */
  running(): boolean;
  /** Connected, visible and focused. */
  attentive(): boolean;
  /** Shows a short error to the user. */
  notify(notice: string): void;
}
