import { assert, assertEquals, assertRejects } from "@std/assert";
import { arePushKeys, encryptPush, MAX_PUSH_BYTES } from "../../../lib/push/encrypt.ts";
import { decodeBase64Url, encodeBase64Url } from "../../../lib/store/base64.ts";
import { Receiver } from "../../helpers/push_receiver.ts";

/** RFC 8291, section 5 and appendix A: https://www.rfc-editor.org/rfc/rfc8291#section-5 */
const EXAMPLE = {
  text: "When I grow up, I want to be a watermelon",
  salt: "DGv6ra1nlYgDCS1FRnbzlw",
  auth: "BTBZMqHH6r4Tts7J_aSIgg",
  sender: {
    public:
      "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
    private: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
  },
  receiver: {
    public:
      "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    private: "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
  },
  body: "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY" +
    "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_" +
    "Qulcy4a-fN",
};

async function pairOf(keys: { public: string; private: string }): Promise<CryptoKeyPair> {
  const point = decodeBase64Url(keys.public);
  const [x, y] = [point.slice(1, 33), point.slice(33)].map(encodeBase64Url);
  const algorithm = { name: "ECDH", namedCurve: "P-256" };
  const jwk = { kty: "EC", crv: "P-256", x, y };
  const [publicKey, privateKey] = await Promise.all([
    crypto.subtle.importKey("jwk", jwk, algorithm, true, []),
    crypto.subtle.importKey("jwk", { ...jwk, d: keys.private }, algorithm, true, ["deriveBits"]),
  ]);
  return { publicKey, privateKey };
}

Deno.test("encryptPush() makes the bytes of RFC 8291's example", async () => {
  const keys = { p256dh: EXAMPLE.receiver.public, auth: EXAMPLE.auth };
  const body = await encryptPush(EXAMPLE.text, keys, {
    salt: decodeBase64Url(EXAMPLE.salt),
    pair: await pairOf(EXAMPLE.sender),
    padded: false,
  });
  assertEquals(encodeBase64Url(body), EXAMPLE.body);
});

Deno.test("the receiver of the tests reads RFC 8291's example", async () => {
  const pair = await pairOf(EXAMPLE.receiver);
  const receiver = await Receiver.of(pair, decodeBase64Url(EXAMPLE.auth));
  assertEquals(await receiver.decrypt(decodeBase64Url(EXAMPLE.body)), EXAMPLE.text);
});

Deno.test("what was encrypted for one device is read by that one and no other", async () => {
  const [mine, other] = [await Receiver.create(), await Receiver.create()];
  const body = await encryptPush("Grüße, 你好 👋", mine.keys);
  assertEquals(await mine.decrypt(body), "Grüße, 你好 👋");
  await assertRejects(() => other.decrypt(body));
  assert(!new TextDecoder().decode(body).includes("Gr"));
});

Deno.test("short texts of other lengths have bodies of one length, and nothing repeats", async () => {
  const { keys } = await Receiver.create();
  const [a, b] = await Promise.all([encryptPush("no", keys), encryptPush("yes, gladly", keys)]);
  assertEquals(a.length, b.length);
  const again = await encryptPush("no", keys);
  assert(encodeBase64Url(again) !== encodeBase64Url(a));
});

Deno.test("the longest text that fits makes a body of 4,096 bytes, one more is refused", async () => {
  const receiver = await Receiver.create();
  const text = "x".repeat(MAX_PUSH_BYTES);
  const body = await encryptPush(text, receiver.keys);
  assertEquals(body.length, 4_096);
  assertEquals(await receiver.decrypt(body), text);
  await assertRejects(() => encryptPush(`${text}x`, receiver.keys), RangeError);
});

Deno.test("arePushKeys() takes a browser's and refuses what cannot be encrypted for", async () => {
  const { keys } = await Receiver.create();
  assert(await arePushKeys(keys));
  const offCurve = encodeBase64Url(new Uint8Array(65).fill(4));
  for (const p256dh of ["", "AAAA", "not base64url!", offCurve, keys.p256dh.slice(0, 80)]) {
    assert(!await arePushKeys({ ...keys, p256dh }), p256dh);
  }
  for (const auth of ["", "AAAA", `${keys.auth}AAAA`, "***"]) {
    assert(!await arePushKeys({ ...keys, auth }), auth);
  }
});
