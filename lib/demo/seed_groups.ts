/** Fills in the demo's groups, by the same road as people would: created, talked in, changed, read. */

import { Appender } from "../live/appender.ts";
import { Addressing } from "../live/mentions.ts";
import type { Draft } from "../store/drafts.ts";
import { getHeads } from "../store/events.ts";
import type { GroupChange } from "../store/group_plan.ts";
import { toGroupImage } from "../store/group_images.ts";
import { changeGroup, createGroup } from "../store/groups.ts";
import { moveRead } from "../store/reads.ts";
import { getRoom } from "../store/rooms.ts";
import { readConversation } from "./conversations.ts";
import { DEMO_GROUPS, type DemoChange, type DemoGroup } from "./groups.ts";
import { DEMO_VIEWER } from "./people.ts";
import { drawScene } from "./pictures.ts";
import { answerOf, react, readUpTo } from "./posting.ts";

/** How long before its first line a group was created, and before a line something happened to it. */
const BEFORE_MS = 10_000;

type IdOf = (username: string) => string;

/** Makes all groups, each as it went. */
export async function seedGroups(kv: Deno.Kv, idOf: IdOf, now: number): Promise<void> {
  for (const group of DEMO_GROUPS) await seedGroup(kv, { group, idOf, now });
}

async function seedGroup(
  kv: Deno.Kv,
  { group, idOf, now }: { group: DemoGroup; idOf: IdOf; now: number },
): Promise<void> {
  const lines = await readConversation(group, now);
  const room = await create(kv, { group, idOf, at: lines[0].at - BEFORE_MS });
  const addressing = new Addressing();
  const seqs: number[] = [];
  let clock = 0;
  const appender = new Appender(kv, { onCommit: () => {}, now: () => clock });
  for (const [n, line] of lines.entries()) {
    const { by, text, at } = line;
    for (const { before, by, what } of group.changes ?? []) {
      if (before !== n) continue;
      clock = at - BEFORE_MS;
      if ("pin" in what) {
        const pin = { room, by: idOf(by), id: `pin-${n}`, message: seqs[what.pin], on: true };
        await appender.append({ type: "pinned", ...pin });
        continue;
      }
      const options = { now: clock };
      const { to } = await changeGroup(kv, room, idOf(by), toChange(what, idOf), options);
      if (to) appender.learn(room, to); // with a clock that stands it would wait for ever
    }
    clock = at;
    const draft: Draft = {
      type: "posted",
      room,
      by: idOf(by),
      id: `demo-${n}`,
      text,
      ...answerOf(line, seqs),
    };
    const addressed = text.includes("@")
      ? addressing.address(draft, (await getRoom(kv, room))!)
      : draft;
    const { seq } = await appender.append(addressed);
    seqs.push(seq);
    await react(appender, { room, seq, line, idOf });
  }
  await markRead(kv, { group, room, seqs, idOf });
}

async function create(
  kv: Deno.Kv,
  { group, idOf, at }: { group: DemoGroup; idOf: IdOf; at: number },
): Promise<string> {
  const { name, picture, people: [owner, ...others] } = group;
  const image = group.image && await toGroupImage(await drawScene(group.image));
  const settings = { name, picture, image, public: group.public };
  const people = others.map(idOf).filter((id) => id !== idOf(owner));
  const made = await createGroup(kv, idOf(owner), { id: group.file, people, ...settings }, at);
  return made.record.id;
}

function toChange(what: Exclude<DemoChange["what"], { pin: number }>, idOf: IdOf): GroupChange {
  if ("add" in what) return { type: "add", people: [idOf(what.add)] };
  if ("promote" in what) return { type: "role", person: idOf(what.promote), role: "admin" };
  return { type: "configure", settings: { name: what.rename } };
}

/** Everyone has read everything, but for what waits for the viewer. */
async function markRead(
  kv: Deno.Kv,
  { group, room, seqs, idOf }: { group: DemoGroup; room: string; seqs: number[]; idOf: IdOf },
): Promise<void> {
  const [{ head }] = await getHeads(kv, [room]);
  const added = (group.changes ?? []).flatMap(({ what }) => "add" in what ? [what.add] : []);
  for (const username of new Set([...group.people, ...added])) {
    const unread = username === DEMO_VIEWER ? group.unread ?? 0 : 0;
    await moveRead(kv, idOf(username), room, readUpTo(seqs, unread, head.seq));
  }
}
