/**
 * What a running instance consists of, wired once by the program that starts. Every part that was
 * started has a way to end: `close()` ends them all, in order, and loses nothing.
 */

import { dirname } from "node:path";
import { type Config, ConfigError } from "./config.ts";
import { Live } from "./live/live.ts";
import { RatesByPerson } from "./live/rates.ts";
import { FileSweeper } from "./live/file_sweeper.ts";
import { Transfers } from "./live/transfers.ts";
import { createFiles, type Files } from "./store/file_stores.ts";
import { S3Blobs, type S3Options } from "./store/s3_blobs.ts";
import type { Notifier } from "./push/notifier.ts";
import { startNotifier } from "./push/start.ts";
import { ringingKv } from "./store/ringing_kv.ts";
import { Sockets } from "./live/sockets.ts";

/** The parts that routes use. */
export interface Services {
  config: Config;
  kv: Deno.Kv;
  live: Live;
  sockets: Sockets;
  rates: RatesByPerson;
  files: Files;
  /** Is told of files that may be unused. */
  sweeper: FileSweeper;
  transfers: Transfers;
  notifier: Notifier;
  close(): Promise<void>;
}

/** Opens the database and joins the other instances. Throws {@link ConfigError} when it cannot. */
export async function startServices(config: Config): Promise<Services> {
  const kv = await openKv(config.kvPath);
  const { quotaBytes } = config.uploads;
  const live: Live = isRemote(config.kvPath)
    ? new Live(kv, { openKv: () => Deno.openKv(config.kvPath), quotaBytes })
    : new Live(ringingKv(kv, (topic, seq) => live.ring(topic, seq)), { solo: true, quotaBytes });
  const files = createFiles(live.kv, { limits: config.uploads, s3: await openS3(config.s3) });
  const sweeper = new FileSweeper(files);
  live.listen(sweeper);
  await live.start();
  sweeper.start();
  const notifier = await startNotifier(live, config.push);
  const { postsPerSecond } = config;
  const rates = new RatesByPerson(postsPerSecond);
  const sockets = new Sockets(live, { postsPerSecond, rates });
  return {
    config,
    kv: live.kv, // every commit goes through the handle that rings
    live,
    sockets,
    rates,
    files,
    sweeper,
    transfers: new Transfers(),
    notifier,
    async close() {
      sockets.close();
      await sweeper.close();
      await notifier.close(); // while it is known who looks
      await live.close();
      kv.close();
    },
  };
}

async function openS3(options: S3Options | null): Promise<S3Blobs | undefined> {
  if (!options) return undefined;
  const s3 = new S3Blobs(options);
  try {
    await s3.check();
    return s3;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`Cannot use the bucket ${options.bucket}: ${reason}.`);
  }
}

/** Whether the database is reached by network; without a path it is the platform's. */
function isRemote(path: string | undefined): boolean {
  return path === undefined || /^https?:/.test(path);
}

async function openKv(path: string | undefined): Promise<Deno.Kv> {
  try {
    if (path && !/^(https?:|:memory:)/.test(path)) {
      await Deno.mkdir(dirname(path), { recursive: true });
    }
    const kv = await Deno.openKv(path);
    await kv.get(["parley"]);
    return kv;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`Cannot open the database at ${path ?? "the default place"}: ${reason}.`);
  }
}
