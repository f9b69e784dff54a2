import { assertEquals, assertThrows } from "@std/assert";
import { ProviderError } from "../../lib/oauth/fetch_json.ts";
import { gitHubIdentity, openIdIdentity } from "../../lib/oauth/identities.ts";

Deno.test("gitHubIdentity() goes by the number, not by the login, which can change hands", () => {
  assertEquals(gitHubIdentity({ id: 583231, login: "octocat", name: "The Octocat", extra: 1 }), {
    provider: "github",
    subject: "583231",
    login: "octocat",
    name: "The Octocat",
  });
});

Deno.test("gitHubIdentity() shows the login of who has no name", () => {
  for (const name of [null, undefined, "", "  ", 5]) {
    assertEquals(gitHubIdentity({ id: 1, login: "ada", name }).name, "ada");
  }
});

Deno.test("gitHubIdentity() refuses an answer that names nobody", () => {
  const answers = [null, "ada", {}, { login: "ada" }, { id: "1", login: "ada" }, { id: 1 }, {
    id: 1.5,
    login: "ada",
  }];
  for (const body of answers) assertThrows(() => gitHubIdentity(body), ProviderError);
});

Deno.test("openIdIdentity() takes the preferred username, else nickname, else name", () => {
  const login = (claims: object) => openIdIdentity("p", { sub: "1", ...claims }).login;
  const all = { preferred_username: "ada", nickname: "countess", name: "Ada L" };
  assertEquals(login(all), "ada");
  assertEquals(login({ ...all, preferred_username: "" }), "countess");
  assertEquals(login({ name: "Ada L" }), "Ada L");
  assertEquals(login({}), "");
});

Deno.test("openIdIdentity() does not show an e-mail address that serves as a username", () => {
  const { login, name } = openIdIdentity("p", { sub: "1", preferred_username: "ada@example.org" });
  assertEquals([login, name], ["ada", "ada"]);
});

Deno.test("openIdIdentity() keeps subjects apart by provider", () => {
  const [a, b] = ["https://a.example", "https://b.example"].map((p) =>
    openIdIdentity(p, { sub: "1" })
  );
  assertEquals([a.provider, b.provider], ["https://a.example", "https://b.example"]);
  assertEquals([a.subject, b.subject], ["1", "1"]);
});

Deno.test("openIdIdentity() refuses an answer without a proper subject", () => {
  for (const sub of [undefined, null, "", 1, "x".repeat(256), "é", "a\nb", "\ud800", ["1"]]) {
    assertThrows(() => openIdIdentity("p", { sub, name: "Ada" }), ProviderError);
  }
});
