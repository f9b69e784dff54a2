/**
 * Password hashes: Argon2id by WebCrypto, written as PHC strings. The work runs off the event loop;
 * at most {@link MAX_CONCURRENT} at once, so that a flood of sign-ins costs bounded memory.
 *
 * Parameters: 19 MiB, 2 passes, 1 lane — the OWASP minimum for Argon2id. They are read back from
 * each stored string, so they can be raised without breaking old hashes.
 */

import { OverloadedError } from "../chat/errors.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";

const MEMORY_KIB = 19 * 1024;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const MAX_CONCURRENT = 2;
const MAX_WAITING = 100;
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

interface Parameters {
  memory: number;
  passes: number;
  parallelism: number;
  nonce: Uint8Array<ArrayBuffer>;
}

/** Hashes a password with a new salt, as a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const parameters = { memory: MEMORY_KIB, passes: PASSES, parallelism: LANES, nonce };
  const hash = await argon2id(password, parameters, HASH_BYTES);
  const cost = `m=${MEMORY_KIB},t=${PASSES},p=${LANES}`;
  return `$argon2id$v=19$${cost}$${encodeBase64(nonce)}$${encodeBase64(hash)}`;
}

/**
 * Whether a password matches a PHC string. Without one (`null`: no such account) it does the same
 * work on a fixed string and answers false, so that the time tells nothing.
 */
export async function verifyPassword(password: string, phc: string | null): Promise<boolean> {
  const match = PHC.exec(phc ?? ABSENT);
  if (!match) throw new Error("A stored password hash is not an argon2id PHC string");
  const [, memory, passes, parallelism, salt, hash] = match;
  const expected = decodeBase64(hash);
  const actual = await argon2id(password, {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: decodeBase64(salt),
  }, expected.length);
  return equalBytes(actual, expected) && phc !== null;
}

/** Costs as much as a real one; its password is nobody's. */
const ABSENT = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$` +
  `${"A".repeat(22)}$${"A".repeat(43)}`;

let running = 0;
const waiting: (() => void)[] = [];

async function argon2id(password: string, parameters: Parameters, bytes: number) {
  await acquire();
  try {
    const secret = new TextEncoder().encode(password.normalize("NFKC"));
    const key = await importSecret(secret);
    const bits = await crypto.subtle.deriveBits(
      { name: "Argon2id", ...parameters } as Algorithm,
      key,
      bytes * 8,
    );
    return new Uint8Array(bits);
  } finally {
    release();
  }
}

function importSecret(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  // "raw-secret" is newer than TypeScript's list of key formats (WICG modern algorithms).
  const format = "raw-secret" as "raw";
  return crypto.subtle.importKey(format, secret, "Argon2id", false, ["deriveBits"]);
}

async function acquire(): Promise<void> {
  if (running < MAX_CONCURRENT) {
    running++;
    return;
  }
  if (waiting.length >= MAX_WAITING) {
    throw new OverloadedError("Too many people are signing in at once; try again.", 5_000);
  }
  await new Promise<void>((resolve) => waiting.push(resolve));
}

function release(): void {
  const next = waiting.shift();
  if (next) next();
  else running--;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}
