/**
 * Signing in and out: cookies, rate limits, and the one place where a request becomes a person.
 * A sign-in always makes a new session, so a token planted before is worth nothing after.
 */

import type { Caller } from "./caller.ts";
import { CredentialsError } from "./chat/errors.ts";
import { foldUsername } from "./chat/text.ts";
import {
  authenticate,
  createAccount,
  type Registration,
  type UserRecord,
} from "./store/accounts.ts";
import { type Limit, resetBucket, takeFromBucket } from "./store/buckets.ts";
import { hashToken } from "./store/ids.ts";
import {
  createSession,
  getSession,
  removeSession,
  type Session,
  SESSION_MS,
} from "./store/sessions.ts";

/** What signing in needs of the services. */
export interface AuthContext {
  kv: Deno.Kv;
  /** Tries by one address each minute; the burst is twice that. An account gets half. */
  signInsPerMinute: number;
}

/** The session of a request, or `null` for a stranger. */
export async function readSession(
  kv: Deno.Kv,
  request: Request,
  caller: Caller,
): Promise<Session | null> {
  const token = readToken(request, caller);
  return token === null ? null : await getSession(kv, token);
}

/** Creates an account. Throws as `createAccount` does, or for too many from one address. */
export async function register(
  auth: AuthContext,
  form: Registration,
  caller: Caller,
): Promise<UserRecord> {
  await takeFromBucket(auth.kv, perAddress(auth, "register"), caller.address);
  return await createAccount(auth.kv, form);
}

/** The account of a username and password. The same error whatever was wrong. */
export async function signIn(
  auth: AuthContext,
  form: { username: string; password: string },
  caller: Caller,
): Promise<UserRecord> {
  const account = foldUsername(form.username).slice(0, 64) || "-";
  await takeFromBucket(auth.kv, perAddress(auth, "sign_in"), caller.address);
  await takeFromBucket(auth.kv, perAccount(auth), account);
  const user = await authenticate(auth.kv, form.username, form.password);
  if (!user) throw new CredentialsError("The username or the password is not right.");
  await resetBucket(auth.kv, perAccount(auth), account);
  return user;
}

/**
 * Starts a session for a person who has shown who they are, and ends the one that the request came
 * with. Answers the `Set-Cookie` of the new one.
 */
export async function startSession(
  kv: Deno.Kv,
  user: UserRecord,
  request: Request,
  caller: Caller,
): Promise<string> {
  await signOut(kv, request, caller);
  return sessionCookie(await createSession(kv, user.id), caller);
}

/** Ends the request's session, if it has one. */
export async function signOut(kv: Deno.Kv, request: Request, caller: Caller): Promise<void> {
  const token = readToken(request, caller);
  if (token !== null) await removeSession(kv, await hashToken(token));
}

/** `Set-Cookie` for a session's token. */
export function sessionCookie(token: string, { secure }: Caller): string {
  const maxAge = SESSION_MS / 1000;
  const base = `${cookieName(secure)}=${token}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax`;
  return secure ? `${base}; Secure` : base;
}

/** `Set-Cookie` that forgets the session. */
export function clearedCookie({ secure }: Caller): string {
  const base = `${cookieName(secure)}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;
  return secure ? `${base}; Secure` : base;
}

/** The token in the request's cookie. */
export function readToken(request: Request, { secure }: Caller): string | null {
  return readCookie(request, cookieName(secure));
}

/** A cookie's value, or `null`. */
export function readCookie(request: Request, name: string): string | null {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, value] = part.trim().split("=", 2);
    if (key === name && value) return value;
  }
  return null;
}

function cookieName(secure: boolean): string {
  return secure ? "__Host-session" : "session";
}

function perAddress({ signInsPerMinute }: AuthContext, name: string): Limit {
  return { name, burst: signInsPerMinute * 2, refillMs: 60_000 / signInsPerMinute };
}

function perAccount({ signInsPerMinute }: AuthContext): Limit {
  return {
    name: "account",
    burst: signInsPerMinute,
    refillMs: 120_000 / signInsPerMinute,
  };
}
