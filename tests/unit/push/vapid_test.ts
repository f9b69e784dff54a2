import { assert, assertEquals, assertRejects } from "@std/assert";
import { Vapid } from "../../../lib/push/vapid.ts";
import { makeVapidKeys } from "../../../lib/store/vapid.ts";
import { readVapid } from "../../helpers/push_receiver.ts";

const ENDPOINT = "https://push.example/send/abc?x=1";
const HOUR = 60 * 60 * 1000;

async function setUp(subject: string | null = "mailto:ops@example.org") {
  const clock = { now: Date.UTC(2030, 0, 1) };
  const keys = await makeVapidKeys();
  return { clock, keys, vapid: new Vapid(keys, { subject, now: () => clock.now }) };
}

Deno.test("a token names the push service, the operator and an end within 24 hours", async () => {
  const { vapid, keys, clock } = await setUp();
  const { claims, key } = await readVapid(await vapid.authorization(ENDPOINT));
  assertEquals(claims.aud, "https://push.example");
  assertEquals(claims.sub, "mailto:ops@example.org");
  assertEquals(key, keys.publicKey);
  const left = claims.exp * 1000 - clock.now;
  assert(left > 0 && left <= 24 * HOUR, `${left}`);
});

Deno.test("without an operator's address the token has none", async () => {
  const { vapid } = await setUp(null);
  const { claims } = await readVapid(await vapid.authorization(ENDPOINT));
  assert(!("sub" in claims));
});

Deno.test("a token serves a push service for hours and is replaced before it ends", async () => {
  const { vapid, clock } = await setUp();
  const first = await vapid.authorization(ENDPOINT);
  clock.now += 10 * HOUR;
  assertEquals(await vapid.authorization("https://push.example/send/other"), first);
  assert(await vapid.authorization("https://elsewhere.example/x") !== first);
  clock.now += 2 * HOUR;
  const { claims } = await readVapid(await vapid.authorization(ENDPOINT));
  assert(claims.exp * 1000 > clock.now + 11 * HOUR);
});

Deno.test("a token that was changed is not right", async () => {
  const { vapid } = await setUp();
  const header = await vapid.authorization(ENDPOINT);
  const forged = header.replace(/\.([\w-]+)\./, (_, claims) => `.${claims.slice(0, -2)}AA.`);
  await assertRejects(() => readVapid(forged));
});
