/** Forwarding a message to another room. */

import type { CommandOf } from "../../chat/commands.ts";
import { NotFoundError } from "../../chat/errors.ts";
import { canPost } from "../../chat/permissions.ts";
import { allowedIn } from "../../store/drafts.ts";
import type { Session } from "../session.ts";

export async function forward(session: Session, command: CommandOf<"forward">): Promise<void> {
  const { live, peer, rates } = session;
  const by = peer.person.id;
  const room = await live.rooms.getFor(command.room, by);
  if (!canPost(room, by)) throw new NotFoundError("There is no such room.");
  rates.take("post");
  const draft = await live.forwarding.draftOf(command, by);
  if ("seq" in draft) peer.send({ type: "ack", room: room.id, id: command.id, ...draft });
  else session.append(command, allowedIn(draft, room));
}
