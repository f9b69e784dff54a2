import { assertEquals } from "@std/assert";
import { clock, clockWords } from "../../../components/files/durations.ts";
import { progressLabel, together } from "../../../components/files/progress.ts";
import { sizeLabel } from "../../../lib/chat/file_size.ts";

Deno.test("sizeLabel() has one unit and no more digits than people read", () => {
  assertEquals(
    [0, 999, 1_000, 850_400, 999_499, 999_500, 1_234_567, 9_949_999, 9_950_000, 25_000_000]
      .map(sizeLabel),
    [
      "0 bytes",
      "999 bytes",
      "1 kB",
      "850 kB",
      "999 kB",
      "1.0 MB",
      "1.2 MB",
      "9.9 MB",
      "10 MB",
      "25 MB",
    ],
  );
});

Deno.test("lengths are shown short and read out in words", () => {
  assertEquals([0, 6.6, 59.4, 60, 754].map(clock), ["0:00", "0:07", "0:59", "1:00", "12:34"]);
  assertEquals([0, 1, 60, 61, 122].map(clockWords), [
    "0 seconds",
    "1 second",
    "1 minute",
    "1 minute 1 second",
    "2 minutes 2 seconds",
  ]);
});

Deno.test("files of a message are as far as all of them, and what is worst is said", () => {
  const one = { state: "sending" as const, sent: 30, total: 100 };
  const done = { state: "done" as const, sent: 100, total: 100 };
  const paused = { state: "paused" as const, sent: 0, total: 200 };
  assertEquals(progressLabel(together([one, done])), "Uploading, 65 %");
  assertEquals(progressLabel(together([paused, done])), "Waiting for the connection…");
  assertEquals(together([done, done]).state, "done");
  assertEquals(progressLabel({ state: "sending", sent: 0, total: 0 }), "Uploading, 0 %");
});
