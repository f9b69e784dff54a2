import { assertEquals } from "@std/assert";
import { readCaller } from "../../lib/caller.ts";

const REMOTE: Deno.NetAddr = { transport: "tcp", hostname: "10.0.0.9", port: 5 };
const direct = { publicOrigin: null, trustProxy: false };
const proxied = { publicOrigin: null, trustProxy: true };

function request(headers: Record<string, string> = {}, url = "http://chat.example/x"): Request {
  return new Request(url, { headers });
}

const forged = {
  "x-forwarded-for": "1.1.1.1, 2.2.2.2",
  "x-forwarded-proto": "http, https",
  "x-forwarded-host": "evil.example",
};

Deno.test("forwarding headers count for nothing without a trusted proxy", () => {
  assertEquals(readCaller(request(forged), REMOTE, direct), {
    origin: "http://chat.example",
    secure: false,
    address: "10.0.0.9",
  });
});

Deno.test("behind a trusted proxy only what the nearest hop added counts", () => {
  assertEquals(readCaller(request(forged), REMOTE, proxied), {
    origin: "https://chat.example",
    secure: true,
    address: "2.2.2.2",
  });
});

Deno.test("a trusted proxy that adds nothing changes nothing", () => {
  const nothing: Record<string, string>[] = [{}, {
    "x-forwarded-for": "",
    "x-forwarded-proto": "",
  }];
  for (const headers of nothing) {
    assertEquals(readCaller(request(headers), REMOTE, proxied), {
      origin: "http://chat.example",
      secure: false,
      address: "10.0.0.9",
    });
  }
});

Deno.test("a forwarded scheme that is none is ignored", () => {
  for (const proto of ["javascript", "ftp", "https:", "HTTPS://evil"]) {
    const { origin } = readCaller(request({ "x-forwarded-proto": proto }), REMOTE, proxied);
    assertEquals(origin, "http://chat.example", proto);
  }
});

Deno.test("the configured origin is the site's, whatever arrives", () => {
  const config = { publicOrigin: "https://chat.example.org", trustProxy: false };
  const caller = readCaller(request(forged, "http://127.0.0.1:8000/"), REMOTE, config);
  assertEquals([caller.origin, caller.secure], ["https://chat.example.org", true]);
});

Deno.test("ports stay part of the origin", () => {
  const { origin } = readCaller(request({}, "http://localhost:8000/x"), REMOTE, direct);
  assertEquals(origin, "http://localhost:8000");
});

Deno.test("a caller without a network address has a name for it", () => {
  assertEquals(readCaller(request(), undefined, direct).address, "local");
  const unix: Deno.UnixAddr = { transport: "unix", path: "/tmp/s" };
  assertEquals(readCaller(request(), unix, direct).address, "local");
});
