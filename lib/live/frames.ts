/**
 * From raw socket text to commands, and from errors to `error` frames. Size is checked before
 * parsing, shape by zod, each frame on its own: a bad one gets an error, the others are obeyed.
 */

import {
  ConflictError,
  InvalidError,
  NotFoundError,
  OverloadedError,
  RateLimitedError,
} from "../chat/errors.ts";
import { MAX_FRAMES, MAX_MESSAGE_BYTES } from "../chat/limits.ts";
import {
  type Command,
  command,
  type CommandOf,
  commands,
  PROTOCOL_VERSION,
} from "../chat/commands.ts";
import type { ErrorCode, FactOf } from "../chat/facts.ts";

/** A frame that was read, or the error that answers it. */
export type Frame = { command: Command } | { error: FactOf<"error"> };

/** Why a whole message is refused; the socket is closed for it. */
export class BadMessage extends Error {
  override name = "BadMessage";
  tooBig: boolean;

  constructor(message: string, { tooBig = false } = {}) {
    super(message);
    this.tooBig = tooBig;
  }
}

/** The frames of a message. Throws {@link BadMessage} when it is too big, binary or not JSON. */
export function readMessage(data: unknown): Frame[] {
  if (typeof data !== "string") throw new BadMessage("messages are text");
  if (isTooBig(data)) throw new BadMessage("the message is too big", { tooBig: true });
  const message = parse(data);
  if (!Array.isArray(message)) return [readFrame(message)];
  if (message.length > MAX_FRAMES) throw new BadMessage(`more than ${MAX_FRAMES} frames`);
  return message.map(readFrame);
}

function isTooBig(text: string): boolean {
  if (text.length > MAX_MESSAGE_BYTES) return true;
  if (text.length * 3 <= MAX_MESSAGE_BYTES) return false;
  return new TextEncoder().encode(text).length > MAX_MESSAGE_BYTES;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadMessage("the message is not JSON");
  }
}

/** What zod calls a broken rule, as opposed to a broken shape. */
const RULES = new Set(["custom", "too_big"]);

/** A `hello` of another version may have any other fields; its version is the answer it needs. */
function isForeignHello(frame: unknown): frame is { version: number } {
  return isObject(frame) && frame.type === "hello" && typeof frame.version === "number" &&
    frame.version !== PROTOCOL_VERSION;
}

function readFrame(frame: unknown): Frame {
  const result = command.safeParse(frame);
  if (result.success) return { command: result.data };
  if (isForeignHello(frame)) return { command: { type: "hello", version: frame.version } };
  const known = isObject(frame) && typeof frame.type === "string" &&
    Object.hasOwn(commands, frame.type);
  const [issue] = result.error.issues;
  const where = issue.path.join(".");
  const message = known ? (where ? `${where}: ${issue.message}` : issue.message) : "unknown type";
  const code: ErrorCode = known && RULES.has(issue.code ?? "") ? "invalid" : "malformed";
  return { error: { type: "error", code, message, ...names(frame) } };
}

/** What names a frame, as far as it can be trusted, so that its sender can tell which one it was. */
function names(frame: unknown): Pick<FactOf<"error">, "ref" | "id" | "room"> {
  if (!isObject(frame)) return {};
  const { ref, id, room } = frame;
  return {
    ...(typeof ref === "number" && Number.isSafeInteger(ref) && ref >= 0 && { ref }),
    ...(typeof id === "string" && id.length <= 100 && { id }),
    ...(typeof room === "string" && room.length <= 100 && { room }),
  };
}

/** The answer to a command that failed. Unknown errors say nothing of what happened. */
export function errorFrame(error: unknown, { ...command }: Command): FactOf<"error"> {
  const code = errorCode(error);
  return {
    type: "error",
    code,
    message: code === "internal" ? "Something went wrong; try again." : (error as Error).message,
    ...names(command),
    ...(error instanceof RateLimitedError && { retryAfterMs: error.retryAfterMs }),
  };
}

function errorCode(error: unknown): ErrorCode {
  if (error instanceof NotFoundError) return "not_found";
  if (error instanceof InvalidError) return "invalid";
  if (error instanceof OverloadedError || error instanceof ConflictError) return "overloaded";
  if (error instanceof RateLimitedError) return "rate_limited";
  return "internal";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The commands a session obeys after its `hello`. */
export type LaterCommand = Exclude<Command, CommandOf<"hello">>;
