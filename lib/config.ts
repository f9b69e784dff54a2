/**
 * The configuration: read once from the environment, through zod, by the program that starts.
 * A malformed variable becomes one `ConfigError` sentence; nothing else reads the environment.
 */

import { z } from "zod";
import { DEFAULT_UPLOAD_BYTES } from "./chat/limits.ts";
import type { FileLimits } from "./store/file_stores.ts";
import type { S3Options } from "./store/s3_blobs.ts";
import { isPushHost, PUSH_HOSTS } from "./push/hosts.ts";

/** A variable that cannot be used. `message` is one sentence, fit to be the last line printed. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

const flag = z.enum(["0", "1", "true", "false"], "is none of 0, 1, true and false").transform((v) =>
  v === "1" || v === "true"
);
const whole = (from: number, to: number) =>
  z.string().regex(/^\d+$/, "is not a whole number").transform(Number)
    .refine((n) => n >= from && n <= to, `is not between ${from} and ${to}`);
const origin = z.url({ protocol: /^https?$/, error: "is not an http(s) address" })
  .transform((value) => new URL(value).origin);
const text = z.string().min(1);
const address = z.url({ protocol: /^https?$/, error: "is not an http(s) address" });

/** The pieces of a larger file would not fit into the record that lists them. */
const MOST_UPLOAD_BYTES = 1_000_000_000;

const schema = z.object({
  PORT: whole(0, 65_535).default(8000),
  HOST: text.default("0.0.0.0"),
  DENO_KV_PATH: text.optional(),
  PUBLIC_ORIGIN: origin.optional(),
  TRUST_PROXY: flag.default(false),
  POSTS_PER_SECOND: whole(1, 100_000).default(5),
  SIGN_INS_PER_MINUTE: whole(1, 100_000).default(10),
  REGISTRATION: z.enum(["open", "closed"], "is neither open nor closed").default("open"),
  GITHUB_CLIENT_ID: text.optional(),
  GITHUB_CLIENT_SECRET: text.optional(),
  GOOGLE_CLIENT_ID: text.optional(),
  GOOGLE_CLIENT_SECRET: text.optional(),
  OIDC_ISSUER: address.optional(),
  OIDC_CLIENT_ID: text.optional(),
  OIDC_CLIENT_SECRET: text.optional(),
  OIDC_NAME: text.default("Single sign-on"),
  VAPID_SUBJECT: z.url({ protocol: /^(mailto|https)$/, error: "is no mailto: or https: address" })
    .optional(),
  PUSH_HOSTS: z.string().transform((list) => list.split(",").map((host) => host.trim()))
    .refine((hosts) => hosts.every(isPushHost), "is not a list of hosts, separated by commas")
    .optional(),
  DENO_DEPLOYMENT_ID: text.optional(),
  MAX_UPLOAD_BYTES: whole(1, MOST_UPLOAD_BYTES).default(DEFAULT_UPLOAD_BYTES),
  UPLOAD_QUOTA_BYTES: whole(1, Number.MAX_SAFE_INTEGER).default(2_000_000_000),
  S3_ENDPOINT: origin.optional(),
  S3_BUCKET: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "is no name of a bucket")
    .optional(),
  S3_REGION: text.default("us-east-1"),
  S3_ACCESS_KEY_ID: text.optional(),
  S3_SECRET_ACCESS_KEY: text.optional(),
});

/** Variables by name, as `Deno.env.toObject()` gives them. */
export type Environment = Record<string, string | undefined>;

/** What the rest of the program may know of the environment. */
export interface Config {
  port: number;
  host: string;
  /** What `Deno.openKv` takes: a path, `:memory:`, a KV Connect URL; `undefined` on Deno Deploy. */
  kvPath: string | undefined;
  /** The address that browsers use, when it is not the one that requests arrive at. */
  publicOrigin: string | null;
  /** Believe `X-Forwarded-For` and `X-Forwarded-Proto` of the last hop. */
  trustProxy: boolean;
  postsPerSecond: number;
  signInsPerMinute: number;
  registration: "open" | "closed";
  oauth: OAuthConfig;
  uploads: FileLimits;
  /** Where files are kept; `null` for the database. */
  s3: S3Options | null;
  push: PushConfig;
}

/** How notifications are sent. */
export interface PushConfig {
  /** What push services are told of where the operator can be reached. */
  subject: string | null;
  /** Where pushes may go. */
  hosts: readonly string[];
}

/** Client credentials of one sign-in provider. */
export interface Credentials {
  clientId: string;
  clientSecret?: string;
}

/** The sign-in providers whose variables are set. */
export interface OAuthConfig {
  github: Credentials | null;
  google: Credentials | null;
  oidc: (Credentials & { issuer: string; name: string }) | null;
}

/** Reads and checks the environment. Throws {@link ConfigError} for the first bad variable. */
export function readConfig(env: Environment): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  if (!result.success) throw new ConfigError(sentence(result.error));
  const vars = result.data;
  return {
    port: vars.PORT,
    host: vars.HOST,
    kvPath: vars.DENO_KV_PATH ?? (vars.DENO_DEPLOYMENT_ID ? undefined : "data/parley.kv"),
    publicOrigin: vars.PUBLIC_ORIGIN ?? null,
    trustProxy: vars.TRUST_PROXY,
    postsPerSecond: vars.POSTS_PER_SECOND,
    signInsPerMinute: vars.SIGN_INS_PER_MINUTE,
    registration: vars.REGISTRATION,
    oauth: {
      github: credentials("GITHUB", vars.GITHUB_CLIENT_ID, vars.GITHUB_CLIENT_SECRET),
      google: credentials("GOOGLE", vars.GOOGLE_CLIENT_ID, vars.GOOGLE_CLIENT_SECRET),
      oidc: oidc(vars),
    },
    push: { subject: pushSubject(vars), hosts: vars.PUSH_HOSTS ?? PUSH_HOSTS },
    uploads: { maxBytes: vars.MAX_UPLOAD_BYTES, quotaBytes: vars.UPLOAD_QUOTA_BYTES },
    s3: s3(vars),
  };
}

function s3(vars: z.output<typeof schema>): S3Options | null {
  const { S3_ENDPOINT, S3_BUCKET, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = vars;
  if (!S3_ENDPOINT && !S3_BUCKET && !S3_ACCESS_KEY_ID && !S3_SECRET_ACCESS_KEY) return null;
  if (!S3_BUCKET || !S3_ACCESS_KEY_ID || !S3_SECRET_ACCESS_KEY) {
    throw new ConfigError(
      "S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set together.",
    );
  }
  return {
    endpoint: S3_ENDPOINT ?? `https://s3.${S3_REGION}.amazonaws.com`,
    bucket: S3_BUCKET,
    region: S3_REGION,
    accessKeyId: S3_ACCESS_KEY_ID,
    secretAccessKey: S3_SECRET_ACCESS_KEY,
  };
}

/** The site itself if nothing else is set: an `https` address will do. */
function pushSubject({ VAPID_SUBJECT, PUBLIC_ORIGIN }: z.output<typeof schema>): string | null {
  return VAPID_SUBJECT ?? (PUBLIC_ORIGIN?.startsWith("https:") ? PUBLIC_ORIGIN : null);
}

function oidc(vars: z.output<typeof schema>): OAuthConfig["oidc"] {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = vars;
  if (!OIDC_ISSUER && !OIDC_CLIENT_ID) return null;
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID) {
    throw new ConfigError("OIDC_ISSUER and OIDC_CLIENT_ID must be set together.");
  }
  return {
    issuer: OIDC_ISSUER,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    name: OIDC_NAME,
  };
}

function credentials(name: string, id?: string, secret?: string): Credentials | null {
  if (!id && !secret) return null;
  if (!id || !secret) {
    throw new ConfigError(`${name}_CLIENT_ID and ${name}_CLIENT_SECRET must be set together.`);
  }
  return { clientId: id, clientSecret: secret };
}

function sentence(error: z.ZodError): string {
  const [issue] = error.issues;
  return `The environment variable ${issue.path.join(".")} ${issue.message}.`;
}
