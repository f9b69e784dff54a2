/** The desk as a browser has it. This module is loaded when the first file is there. */

import { UPLOAD_PART_BYTES } from "../../chat/limits.ts";
import type { DeskWorld } from "../files_model.ts";
import type { Clock } from "../ports.ts";
import { tabLock } from "../tabs.ts";
import { FileDesk, tooBig } from "./desk.ts";
import { httpUploads } from "./http_uploads.ts";
import { prepare } from "./prepare.ts";
import { Uploads } from "./uploads.ts";

/** What the desk shares with the rest of the tab. */
interface World extends DeskWorld {
  clock: Clock;
  random(): number;
  newId(): string;
}

/** A desk for this tab. */
export function openDesk({ clock, random, newId, changed, look, ...world }: World): FileDesk {
  const { maxBytes } = world;
  const uploads = new Uploads({
    transport: httpUploads,
    partBytes: UPLOAD_PART_BYTES,
    clock,
    random,
    async prepare(file, signal) {
      const ready = await prepare(file, signal);
      const problem = tooBig(ready, maxBytes);
      if (problem) throw new Error(problem);
      return ready;
    },
    turn: (key) => tabLock(`parley-file-${key}`),
    changed,
    look,
  });
  return new FileDesk({ ...world, uploads, newKey: newId });
}
