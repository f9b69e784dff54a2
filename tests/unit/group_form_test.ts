import { assertEquals, assertThrows } from "@std/assert";
import { actionsFor } from "../../components/MemberList.tsx";
import { InvalidError } from "../../lib/chat/errors.ts";
import { readGroupFields, readPeople, toGroupSettings, withImage } from "../../lib/group_form.ts";
import type { GroupImage } from "../../lib/store/group_images.ts";

/** The settings that a form makes. */
function settings(fields: Record<string, string>) {
  return toGroupSettings(readGroupFields(new URLSearchParams(fields)));
}

Deno.test("a group's form becomes settings: private, open to the past, with initials, unless it says otherwise", () => {
  assertEquals(settings({ name: "  Harbour\n crew " }), {
    name: "Harbour crew",
    picture: null,
    public: false,
    history: "all",
  });
  assertEquals(settings({ name: "Crew", picture: "⚓", public: "yes", history: "joined" }), {
    name: "Crew",
    picture: "⚓",
    public: true,
    history: "joined",
  });
});

Deno.test("an emoji that was typed goes before one that was picked", () => {
  assertEquals(settings({ name: "Crew", picture: "⚓", emoji: " 🦊 " }).picture, "🦊");
});

Deno.test("an image goes before every other picture, and the one that is there can stay", () => {
  const image: GroupImage = { id: "x.png", type: "image/png", bytes: new Uint8Array(1) };
  const values = readGroupFields(new URLSearchParams({ name: "Crew", picture: "⚓", emoji: "🦊" }));
  const made = toGroupSettings(values, image);
  assertEquals([made.image, "picture" in made], [image, false]);
  const kept = settings({ name: "Crew", picture: "image" });
  assertEquals(["picture" in kept, "image" in kept], [false, false]);
});

Deno.test("a form with an image that is shown again asks for it again, once", () => {
  assertEquals(withImage("Wait.", null), "Wait.");
  assertEquals(withImage("Wait.", new Uint8Array(1)), "Wait. Then choose the image again.");
  const said = "The image moves. Choose one that stands still.";
  assertEquals(withImage(said, new Uint8Array(1)), said);
});

Deno.test("what is wrong with a group's form is said in a sentence", () => {
  const problem = (fields: Record<string, string>) =>
    assertThrows(() => settings(fields), InvalidError).message;
  assertEquals(problem({}), "The group needs a name.");
  assertEquals(problem({ name: "\u200b " }), "The group needs a name.");
  assertEquals(
    problem({ name: "x".repeat(65) }),
    "The name is over 64 characters. Make it shorter.",
  );
  assertEquals(problem({ name: "Crew", emoji: "AB" }), "The picture must be one emoji.");
  assertEquals(problem({ name: "Crew", emoji: "🦊🦊" }), "The picture must be one emoji.");
});

Deno.test("chosen people come once each, and what is no id does not come", () => {
  const fields = new URLSearchParams([
    ["person", "a1"],
    ["person", "b2"],
    ["person", "a1"],
    ["person", ""],
    ["person", "../x"],
    ["person", "y".repeat(3_000)],
  ]);
  assertEquals(readPeople(fields), ["a1", "b2"]);
});

Deno.test("the page offers with each member only what the viewer's role allows", () => {
  assertEquals(actionsFor("owner", "member"), ["admin", "owner", "remove"]);
  assertEquals(actionsFor("owner", "admin"), ["member", "owner", "remove"]);
  assertEquals(actionsFor("admin", "member"), ["remove"]);
  assertEquals(actionsFor("admin", "admin"), []);
  assertEquals(actionsFor("admin", "owner"), []);
  assertEquals(actionsFor("member", "member"), []);
});
