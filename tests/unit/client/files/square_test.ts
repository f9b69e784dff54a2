import { assertEquals } from "@std/assert";
import { middleOf } from "../../../../lib/client/files/square.ts";

Deno.test("middleOf() takes the largest square from the middle, and never makes it larger", () => {
  assertEquals(middleOf({ width: 800, height: 600 }, 256), { x: 100, y: 0, side: 600, px: 256 });
  assertEquals(middleOf({ width: 301, height: 900 }, 256), { x: 0, y: 299, side: 301, px: 256 });
  assertEquals(middleOf({ width: 40, height: 40 }, 256), { x: 0, y: 0, side: 40, px: 40 });
  assertEquals(middleOf({ width: 9_000, height: 1 }, 256), { x: 4_499, y: 0, side: 1, px: 1 });
});
