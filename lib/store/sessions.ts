/**
 * Sign-in sessions. The cookie holds a random token, KV only its hash. A session lasts 30 days from
 * its last use; the stored `expiresAt` decides, `expireIn` only tidies up.
 */

import type { UserRecord } from "./accounts.ts";
import { getUser } from "./accounts.ts";
import { commit, retryConflicts } from "./conflicts.ts";
import { hashToken, newToken } from "./ids.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";
import type { UserNote } from "./notes.ts";

/** How long a session lasts after its last use, in milliseconds. */
export const SESSION_MS = 30 * 24 * 60 * 60 * 1000;
/** A session's expiry is written again at most this often. */
const SLIDE_MS = 24 * 60 * 60 * 1000;

interface SessionRecord {
  userId: string;
  createdAt: number;
  expiresAt: number;
}

/** A session that was found to be valid. */
export interface Session {
  /** SHA-256 of the token: names the session without opening it. */
  hash: string;
  user: UserRecord;
  expiresAt: number;
  /** The expiry moved: set the cookie again. */
  renewed: boolean;
}

/** Starts a session and answers its token, which is shown once and stored nowhere. */
export async function createSession(kv: Deno.Kv, userId: string): Promise<string> {
  const token = newToken();
  const hash = await hashToken(token);
  const createdAt = Date.now();
  const record: SessionRecord = { userId, createdAt, expiresAt: createdAt + SESSION_MS };
  await commit(write(kv.atomic(), hash, record));
  return token;
}

/** The session of a token with its account; `null` when absent, expired or without account. */
export async function getSession(kv: Deno.Kv, token: string): Promise<Session | null> {
  const hash = await hashToken(token);
  const entry = await kv.get<SessionRecord>(keys.session(hash));
  const record = entry.value;
  if (!record || record.expiresAt <= Date.now()) return null;
  const user = await getUser(kv, record.userId);
  if (!user) return null;
  const renewed = record.expiresAt - Date.now() < SESSION_MS - SLIDE_MS;
  const expiresAt = renewed ? Date.now() + SESSION_MS : record.expiresAt;
  if (renewed) await commit(write(kv.atomic().check(entry), hash, { ...record, expiresAt }));
  return { hash, user, expiresAt, renewed };
}

/** Whether a session is still valid, by its hash. */
export async function isSessionLive(kv: Deno.Kv, hash: string): Promise<boolean> {
  const { value } = await kv.get<SessionRecord>(keys.session(hash));
  return value !== null && value.expiresAt > Date.now();
}

/** Ends a session and tells its person's sockets on every instance. No error when it is gone. */
export async function removeSession(kv: Deno.Kv, hash: string): Promise<void> {
  await retryConflicts(async () => {
    const { value } = await kv.get<SessionRecord>(keys.session(hash));
    if (!value) return true;
    const topic = ["user", value.userId] as const;
    const head = await kv.get<LogHead>(keys.head(topic));
    const note: UserNote = { type: "signed_out", session: hash };
    const atomic = kv.atomic()
      .delete(keys.session(hash))
      .delete(keys.userSession(value.userId, hash));
    appendToLog(atomic, topic, { head, value: note });
    return (await atomic.commit()).ok || null;
  });
}

function write(atomic: Deno.AtomicOperation, hash: string, record: SessionRecord) {
  const expireIn = record.expiresAt - Date.now();
  return atomic
    .set(keys.session(hash), record, { expireIn })
    .set(keys.userSession(record.userId, hash), { createdAt: record.createdAt }, { expireIn });
}
