import { assertEquals } from "@std/assert";
import { laterParts } from "../src/build/later_parts.ts";

type Kind = "import-statement" | "dynamic-import";

function module(...imports: [path: string, kind: Kind][]) {
  return { bytes: 1, imports: imports.map(([path, kind]) => ({ path, kind })) };
}

const inputs = {
  "islands/Big.tsx": module(["view.tsx", "import-statement"], ["far.tsx", "dynamic-import"]),
  "islands/Small.tsx": module(["shared.tsx", "dynamic-import"]),
  "view.tsx": module(["menu.tsx", "dynamic-import"], ["shared.tsx", "dynamic-import"]),
  "menu.tsx": module(["picker.tsx", "dynamic-import"], ["cx.ts", "import-statement"]),
  "picker.tsx": module(["cx.ts", "import-statement"], ["https://x/y.js", "dynamic-import"]),
  "far.tsx": module(),
  "shared.tsx": module(),
  "cx.ts": module(),
};

Deno.test("laterParts() finds what one island alone imports on demand, however far", () => {
  const parts = laterParts({ inputs }, ["islands/Big.tsx", "islands/Small.tsx"]);
  assertEquals(Object.fromEntries([...parts].sort()), {
    "far.tsx": "islands/Big.tsx",
    "menu.tsx": "islands/Big.tsx",
    "picker.tsx": "islands/Big.tsx",
  });
});

Deno.test("laterParts() finds none where nothing is imported on demand", () => {
  assertEquals(laterParts({ inputs: { "a.tsx": module() } }, ["a.tsx"]).size, 0);
});
