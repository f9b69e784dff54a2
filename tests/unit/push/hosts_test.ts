import { assert } from "@std/assert";
import { isPushHost, mayPushTo, PUSH_HOSTS } from "../../../lib/push/hosts.ts";

Deno.test("the push services of the browsers are allowed by default", () => {
  const endpoints = [
    "https://fcm.googleapis.com/fcm/send/abc:def",
    "https://updates.push.services.mozilla.com/wpush/v2/abc",
    "https://web.push.apple.com/QOabc",
    "https://wns2-am3p.notify.windows.com/w/?token=abc",
  ];
  for (const endpoint of endpoints) assert(mayPushTo(endpoint, PUSH_HOSTS), endpoint);
});

Deno.test("an address that is no push service's is refused, however it is written", () => {
  const endpoints = [
    "",
    "fcm.googleapis.com",
    "http://fcm.googleapis.com/x",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com@evil.example/x",
    "https://user:pass@fcm.googleapis.com/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evilfcm.googleapis.com/x",
    "https://push.apple.com/x",
    "https://evilpush.apple.com/x",
    "https://web.push.apple.com.evil.example",
    "https://evil.example/?fcm.googleapis.com",
    "https://evil.example/#.push.apple.com",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://localhost/x",
    "https://169.254.169.254/latest/meta-data",
    "https://2130706433/x",
    "https://10.0.0.1/x",
    "ftp://fcm.googleapis.com/x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    `https://fcm.googleapis.com/${"x".repeat(1_100)}`,
  ];
  for (const endpoint of endpoints) assert(!mayPushTo(endpoint, PUSH_HOSTS), endpoint);
});

Deno.test("an operator may allow others, and plain HTTP on this machine alone", () => {
  const hosts = ["push.example.org:8443", "http://127.0.0.1:9000"];
  assert(hosts.every(isPushHost));
  assert(mayPushTo("https://push.example.org:8443/x", hosts));
  assert(!mayPushTo("https://push.example.org/x", hosts));
  assert(mayPushTo("http://127.0.0.1:9000/x", hosts));
  assert(!mayPushTo("http://127.0.0.1:9001/x", hosts));
  assert(!mayPushTo("http://127.0.0.1:9000@evil.example/x", hosts));
  for (const bad of ["", "*", "*.", "http://push.example.org", "https://x.example", "a b", "x/y"]) {
    assert(!isPushHost(bad), bad);
  }
});
