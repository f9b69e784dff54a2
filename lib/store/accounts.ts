/**
 * Accounts and the people list. Usernames are unique under a race: the check of the name's key and
 * all writes of an account are one atomic.
 */

import { ConflictError, InvalidError } from "../chat/errors.ts";
import { MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS } from "../chat/limits.ts";
import {
  countChars,
  foldUsername,
  isVisible,
  normalizeName,
  usernameProblem,
} from "../chat/text.ts";
import type { Person } from "../chat/people.ts";
import { announcePerson } from "./announcements.ts";
import { getAll } from "./get_all.ts";
import { isId, newId } from "./ids.ts";
import { commit } from "./conflicts.ts";
import { keys } from "./keys.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { personKey, personTermKeys } from "./people.ts";

/** An account as it is stored. It holds no secret: the password hash has a key of its own. */
export interface UserRecord {
  id: string;
  /** Folded, unique. */
  username: string;
  name: string;
  createdAt: number;
}

/** What everyone may know of an account. */
export function toPerson({ id, username, name }: UserRecord): Person {
  return { id, username, name };
}

/** What a person fills in to register. */
export interface Registration {
  username: string;
  /** Display name; the username serves when it shows nothing. */
  name: string;
  password: string;
}

/**
 * Creates an account. Throws {@link InvalidError} for a name or password that breaks a rule and
 * {@link ConflictError} when the username is taken.
 */
export async function createAccount(kv: Deno.Kv, form: Registration): Promise<UserRecord> {
  const username = checkedUsername(form.username);
  checkPassword(form.password, username);
  // Before the costly hash; the atomic below decides.
  if (await getUserByName(kv, username)) throw taken(username);
  const user = newUser(username, form.name);
  const atomic = addUser(kv.atomic(), user)
    .set(keys.password(user.id), await hashPassword(form.password));
  if (!(await commit(atomic)).ok) throw taken(username);
  await announcePerson(kv, toPerson(user));
  return user;
}

/** The account with this id, or `null`. */
export async function getUser(kv: Deno.Kv, id: string): Promise<UserRecord | null> {
  if (!isId(id)) return null;
  return (await kv.get<UserRecord>(keys.user(id))).value;
}

/** Ids of accounts by their folded usernames; the unknown are left out. */
export async function getIdsByName(
  kv: Deno.Kv,
  names: readonly string[],
): Promise<Map<string, string>> {
  const entries = await getAll<string>(kv, names.map(keys.username));
  return new Map(
    entries.flatMap(({ value }, i): [string, string][] =>
      value === null ? [] : [[names[i], value]]
    ),
  );
}

/** The account with this username in any case, or `null`. */
export async function getUserByName(kv: Deno.Kv, username: string): Promise<UserRecord | null> {
  const folded = foldUsername(username);
  if (usernameProblem(folded)) return null;
  const { value } = await kv.get<string>(keys.username(folded));
  return value === null ? null : getUser(kv, value);
}

/** The accounts with these ids, in their order, the unknown left out. */
export async function getUsers(kv: Deno.Kv, ids: readonly string[]): Promise<UserRecord[]> {
  const entries = await getAll<UserRecord>(kv, ids.map(keys.user));
  return entries.flatMap(({ value }) => value ?? []);
}

/**
 * The account whose username and password these are, or `null`. Takes the same time whether the
 * name is unknown, the account has no password or the password is wrong.
 */
export async function authenticate(
  kv: Deno.Kv,
  username: string,
  password: string,
): Promise<UserRecord | null> {
  const user = await getUserByName(kv, username);
  const { value: phc } = await kv.get<string>(keys.password(user?.id ?? "-"));
  if (countChars(password) > MAX_PASSWORD_CHARS) password = "";
  return await verifyPassword(password, phc) ? user : null;
}

/** Who a sign-in provider says came. */
export interface ProviderIdentity {
  provider: string;
  /** The provider's own, stable id of the person. */
  subject: string;
  /** What to build a username from. */
  login: string;
  name: string;
}

/** The account of a provider's identity, or `null`. */
export async function getUserByIdentity(
  kv: Deno.Kv,
  { provider, subject }: Pick<ProviderIdentity, "provider" | "subject">,
): Promise<UserRecord | null> {
  const { value } = await kv.get<string>(keys.identity(provider, subject));
  return value === null ? null : getUser(kv, value);
}

/** Finds the account of a provider's identity or creates one, with a free username like `login`. */
export async function getOrCreateByIdentity(
  kv: Deno.Kv,
  identity: ProviderIdentity,
): Promise<UserRecord> {
  const key = keys.identity(identity.provider, identity.subject);
  for (const username of usernameCandidates(identity.login)) {
    const linked = await kv.get<string>(key);
    const known = linked.value === null ? null : await getUser(kv, linked.value);
    if (known) return known;
    const user = newUser(username, identity.name);
    const added = await commit(addUser(kv.atomic(), user).check(linked).set(key, user.id));
    if (!added.ok) continue;
    await announcePerson(kv, toPerson(user));
    return user;
  }
  throw new ConflictError("No free username was found for this account.");
}

function newUser(username: string, name: string): UserRecord {
  const shown = normalizeName(name);
  return {
    id: newId(),
    username,
    name: isVisible(shown) ? shown : username,
    createdAt: Date.now(),
  };
}

/** Adds the checks and writes of a new account, but for how it signs in. */
function addUser(atomic: Deno.AtomicOperation, user: UserRecord): Deno.AtomicOperation {
  const person = toPerson(user);
  atomic.check({ key: keys.username(user.username), versionstamp: null })
    .set(keys.username(user.username), user.id)
    .set(keys.user(user.id), user)
    .set(personKey(person), person);
  for (const key of personTermKeys(person)) atomic.set(key, person);
  return atomic;
}

function checkedUsername(username: string): string {
  const folded = foldUsername(username);
  const problem = usernameProblem(folded);
  if (problem) throw new InvalidError(`This username cannot be used. ${problem}`);
  return folded;
}

function checkPassword(password: string, username: string): void {
  const length = countChars(password);
  if (length < MIN_PASSWORD_CHARS) {
    throw new InvalidError(`Use a password of at least ${MIN_PASSWORD_CHARS} characters.`);
  }
  if (length > MAX_PASSWORD_CHARS) {
    throw new InvalidError(`Use a password of at most ${MAX_PASSWORD_CHARS} characters.`);
  }
  if (foldUsername(password) === username) {
    throw new InvalidError("The password must not be the username.");
  }
}

function taken(username: string): ConflictError {
  return new ConflictError(`The username “${username}” is taken.`);
}

/** `ada`, `ada2` … `ada9`, then `ada` with random digits. */
function* usernameCandidates(login: string): Generator<string> {
  const cleaned = [...foldUsername(login).replace(/[^\p{L}\p{M}\p{N}._-]/gu, "")]
    .slice(0, 24).join("").replace(/^[^\p{L}\p{N}]+/u, "");
  const base = usernameProblem(cleaned) ? `user-${newDigits()}` : cleaned;
  yield base;
  for (let n = 2; n <= 9; n++) yield `${base}${n}`;
  for (let n = 0; n < 5; n++) yield `${base}-${newDigits()}`;
}

function newDigits(): number {
  return 100_000 + crypto.getRandomValues(new Uint32Array(1))[0] % 900_000;
}
