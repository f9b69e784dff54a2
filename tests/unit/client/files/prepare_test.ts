import { assertEquals } from "@std/assert";
import { fitSize, MAX_EDGE_PX, nameFor } from "../../../../lib/client/files/prepare.ts";

Deno.test("fitSize() keeps the shape and never makes larger", () => {
  assertEquals(fitSize({ width: 800, height: 600 }), { width: 800, height: 600 });
  assertEquals(fitSize({ width: 5_120, height: 2_560 }), { width: MAX_EDGE_PX, height: 1_280 });
  assertEquals(fitSize({ width: 3_000, height: 9_000 }), { width: 853, height: MAX_EDGE_PX });
  assertEquals(fitSize({ width: 20_000, height: 1 }), { width: MAX_EDGE_PX, height: 1 });
});

Deno.test("nameFor() changes an ending only when the type did", () => {
  assertEquals(nameFor("a.JPG", "image/jpeg"), "a.JPG");
  assertEquals(nameFor("a.bmp", "image/png"), "a.png");
  assertEquals(nameFor("photo.heic", "image/webp"), "photo.webp");
  assertEquals(nameFor("no ending", "image/jpeg"), "no ending.jpg");
  assertEquals(nameFor("a.pdf", "application/pdf"), "a.pdf");
});
