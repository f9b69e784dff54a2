/**
 * What each command does, by its type. A handler checks membership and rate itself, before it does
 * anything; what it throws is answered by an `error` frame.
 */

import type { CommandOf } from "../../chat/commands.ts";
import type { LaterCommand } from "../frames.ts";
import type { Session } from "../session.ts";
import { forward } from "./forward.ts";
import {
  add,
  browse,
  configure,
  create,
  join,
  leave,
  link,
  members,
  remove,
  role,
} from "./groups.ts";
import { history, read, receipts, versions } from "./history.ts";
import { attention, open, people, typing, watch, who } from "./people.ts";
import { draft, flag } from "./mine.ts";
import { pins } from "./pins.ts";
import { save, saves } from "./saved.ts";

/** A promise where something must be waited for. */
export type Answer = void | Promise<void>;

type Handlers = {
  [T in LaterCommand["type"]]: (session: Session, command: CommandOf<T>) => Answer;
};

const handlers: Handlers = {
  ping: ({ peer }) => peer.send({ type: "pong" }),
  post: (session, command) => session.store(command),
  edit: (session, command) => session.store(command),
  delete: (session, command) => session.store(command),
  react: (session, command) => session.store(command),
  pin: (session, command) => session.store(command),
  forward,
  history,
  versions,
  pins,
  save,
  saves,
  read,
  people,
  who,
  watch,
  open,
  create,
  configure,
  add,
  remove,
  leave,
  role,
  link,
  join,
  members,
  browse,
  typing,
  attention,
  draft,
  receipts,
  flag,
};

/** Does what a command says. */
export function obey(session: Session, command: LaterCommand): Answer {
  const handler = handlers[command.type] as (session: Session, command: LaterCommand) => Answer;
  return handler(session, command);
}
