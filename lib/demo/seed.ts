/**
 * Fills an empty database for `deno task demo`, by the same road as everything else: accounts,
 * rooms, the appender with a clock of its own, read pointers, presence. Opens the database and
 * closes it again.
 */

import { DEFAULT_UPLOAD_BYTES } from "../chat/limits.ts";
import { Appender } from "../live/appender.ts";
import { createAccount, type UserRecord } from "../store/accounts.ts";
import { createFiles } from "../store/file_stores.ts";
import { addInstance, removeInstance, writeChange } from "../store/presence.ts";
import { getHeads } from "../store/events.ts";
import { setFlags } from "../store/flags.ts";
import { moveRead } from "../store/reads.ts";
import { moveDelivered } from "../store/receipts.ts";
import { setDraft } from "../store/room_drafts.ts";
import { getOrCreateDirect } from "../store/rooms.ts";
import { attach } from "./attachments.ts";
import { answerOf, react, readUpTo } from "./posting.ts";
import { seedGroups } from "./seed_groups.ts";
import { DEMO_CONVERSATIONS, type DemoConversation, readConversation } from "./conversations.ts";
import { DEMO_PASSWORD, DEMO_PEOPLE, DEMO_VIEWER } from "./people.ts";
import type { Line } from "./transcript.ts";

/** The instance that the demo's people were last seen at. */
const INSTANCE = "demo";

type Users = ReadonlyMap<string, UserRecord>;

interface Room {
  id: string;
  conversation: DemoConversation;
  lines: Line[];
  /** Where the lines were stored. */
  seqs: number[];
}

/** Fills the database at `path`, which must be empty; answers how to sign in. */
export async function seedDemo(path: string, now = Date.now()): Promise<string> {
  const kv = await Deno.openKv(path);
  try {
    const users = await createPeople(kv);
    const rooms = await Promise.all(
      DEMO_CONVERSATIONS.map((conversation) => openRoom(kv, users, conversation, now)),
    );
    await postAll(kv, users, rooms);
    for (const room of rooms) await markRead(kv, users, room);
    await seedGroups(kv, (username) => idOf(users, username), now);
    await setSeen(kv, users, now);
  } finally {
    kv.close();
  }
  return `Sign in as "${DEMO_VIEWER}" with the password "${DEMO_PASSWORD}". ` +
    `Everyone else has the same password: ${others().join(", ")}.`;
}

function others(): string[] {
  return DEMO_PEOPLE.map(({ username }) => username).filter((name) => name !== DEMO_VIEWER);
}

async function createPeople(kv: Deno.Kv): Promise<Users> {
  const users = await Promise.all(
    DEMO_PEOPLE.map(({ username, name }) =>
      createAccount(kv, { username, name, password: DEMO_PASSWORD })
    ),
  );
  return new Map(users.map((user) => [user.username, user]));
}

async function openRoom(
  kv: Deno.Kv,
  users: Users,
  conversation: DemoConversation,
  now: number,
): Promise<Room> {
  const [viewer, other] = [idOf(users, DEMO_VIEWER), idOf(users, conversation.with)];
  const { id } = await getOrCreateDirect(kv, viewer, other);
  return { id, conversation, lines: await readConversation(conversation, now), seqs: [] };
}

/** Posts every line at its time. A commit has one time, so lines go one by one. */
async function postAll(kv: Deno.Kv, users: Users, rooms: readonly Room[]): Promise<void> {
  const all = rooms.flatMap((room) => room.lines.map((line) => ({ room, line })));
  let now = 0;
  const appender = new Appender(kv, { onCommit: () => {}, now: () => now });
  const limits = { maxBytes: DEFAULT_UPLOAD_BYTES, quotaBytes: Infinity };
  const store = createFiles(kv, { limits });
  for (const [n, { room, line }] of all.sort((a, b) => a.line.at - b.line.at).entries()) {
    now = line.at;
    const by = idOf(users, line.by);
    const files = line.files && { files: await attach(store, by, line.files) };
    const post = { room: room.id, by, id: `demo-${n}`, text: line.text, ...files };
    const { seq } = await appender.append({
      type: "posted",
      ...post,
      ...answerOf(line, room.seqs),
    });
    room.seqs.push(seq);
    await react(appender, { room: room.id, seq, line, idOf: (name) => idOf(users, name) });
  }
  await appender.flushed();
}

/** Everyone has read everything, but for what waits for the viewer and one busy person. */
async function markRead(kv: Deno.Kv, users: Users, { id, conversation, seqs }: Room) {
  const { unread, with: name, delivered = 0, flags, draft } = conversation;
  const [viewer, other] = [idOf(users, DEMO_VIEWER), idOf(users, name)];
  const [{ head }] = await getHeads(kv, [id]);
  await moveRead(kv, viewer, id, readUpTo(seqs, unread, head.seq));
  await moveRead(kv, other, id, readUpTo(seqs, delivered, head.seq));
  await moveDelivered(kv, [{ room: id, user: other, seq: head.seq }]);
  if (flags) await setFlags(kv, viewer, id, flags);
  if (draft) await setDraft(kv, viewer, id, { text: draft });
}

/** Notes when people were last there, as an instance would have done. */
async function setSeen(kv: Deno.Kv, users: Users, now: number): Promise<void> {
  await addInstance(kv, INSTANCE, now);
  for (const { username, awayMin } of DEMO_PEOPLE) {
    if (awayMin === undefined) continue;
    const change = { came: [], went: [idOf(users, username)] };
    await writeChange(kv, INSTANCE, { change, expiresAt: now, at: now - awayMin * 60_000 });
  }
  await removeInstance(kv, INSTANCE, now);
}

function idOf(users: Users, username: string): string {
  const user = users.get(username);
  if (!user) throw new Error(`The demo has no person "${username}"`);
  return user.id;
}
