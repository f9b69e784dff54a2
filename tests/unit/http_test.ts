import { assert, assertEquals, assertLessOrEqual, assertMatch, assertRejects } from "@std/assert";
import { HttpError } from "fresh";
import { z } from "zod";
import {
  ConflictError,
  CredentialsError,
  InvalidError,
  NotFoundError,
  OverloadedError,
  RateLimitedError,
  TooLargeError,
} from "../../lib/chat/errors.ts";
import {
  problemHeaders,
  problemJson,
  readForm,
  readJson,
  readQuery,
  toProblem,
} from "../../lib/http.ts";

const schema = z.strictObject({ name: z.string().max(10) });
const FORM = "application/x-www-form-urlencoded";

function request(body: BodyInit, type: string): Request {
  return new Request("http://localhost/", {
    method: "POST",
    body,
    headers: { "content-type": type },
  });
}

/** A body without end, and how much of it was read. */
function endless(): { body: ReadableStream<Uint8Array>; read: () => number; ended: () => boolean } {
  let bytes = 0;
  let isEnded = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = new Uint8Array(16 * 1024).fill(97);
      bytes += chunk.byteLength;
      controller.enqueue(chunk);
    },
    cancel: () => void (isEnded = true),
  });
  return { body, read: () => bytes, ended: () => isEnded };
}

Deno.test("readForm() takes a form and nothing else", async () => {
  assertEquals(await readForm(request("name=a+b%20c", FORM), schema), { name: "a b c" });
  assertEquals((await readForm(request("name=x", `${FORM}; charset=UTF-8`), schema)).name, "x");
  for (const type of ["text/plain", "application/json", "multipart/form-data; boundary=x", ""]) {
    await assertRejects(() => readForm(request("name=x", type), schema), InvalidError);
  }
});

Deno.test("readJson() takes JSON and nothing that a foreign form can send", async () => {
  assertEquals(await readJson(request('{"name":"x"}', "application/json"), schema), { name: "x" });
  const simple = ["text/plain", FORM, "multipart/form-data", "text/plain; application/json", ""];
  for (const type of simple) {
    await assertRejects(() => readJson(request('{"name":"x"}', type), schema), InvalidError);
  }
});

Deno.test("bodies that are not of the shape are InvalidErrors that name the field", async () => {
  for (const body of ["", "{", "[]", "null", '"x"', "{}", '{"name":1}', '{"name":"x","y":1}']) {
    await assertRejects(() => readJson(request(body, "application/json"), schema), InvalidError);
  }
  const error = await assertRejects(() =>
    readForm(request(`name=${"x".repeat(11)}`, FORM), schema)
  );
  assert(error instanceof InvalidError);
  assertMatch(error.message, /^name: /);
});

Deno.test("a body without end is given up, not gathered", async () => {
  for (const read of [readForm, readJson]) {
    const source = endless();
    const type = read === readForm ? FORM : "application/json";
    const error = await assertRejects(() => read(request(source.body, type), schema));
    assert(error instanceof InvalidError);
    assertLessOrEqual(source.read(), 256 * 1024);
    assertEquals(source.ended(), true);
  }
});

Deno.test("a body whose bytes are no UTF-8 does not end the process", async () => {
  const body = new Uint8Array([0x22, 0xff, 0xfe, 0x22]);
  await assertRejects(() => readJson(request(body, "application/json"), schema), InvalidError);
});

Deno.test("readQuery() checks the parameters of an address", () => {
  assertEquals(readQuery(new URL("http://a/?name=x"), schema), { name: "x" });
  let refused: unknown;
  try {
    readQuery(new URL("http://a/?nom=x"), schema);
  } catch (error) {
    refused = error;
  }
  assert(refused instanceof InvalidError);
});

Deno.test("each error of the domain has its status", () => {
  const statuses: [Error, number][] = [
    [new NotFoundError("m"), 404],
    [new InvalidError("m"), 400],
    [new CredentialsError("m"), 401],
    [new TooLargeError("m"), 413],
    [new ConflictError("m"), 409],
    [new RateLimitedError("m", 1), 429],
    [new OverloadedError("m", 1), 503],
    [new HttpError(403, "detail"), 403],
    [new HttpError(404, "detail"), 404],
  ];
  for (const [error, status] of statuses) {
    const problem = toProblem(error);
    assertEquals(problem.status, status);
    if (error instanceof HttpError) assert(!problem.message.includes("detail"));
  }
});

Deno.test("an unknown error is logged once under an id, and only the id is shown", () => {
  const real = console.error;
  const logged: unknown[][] = [];
  console.error = (...args) => logged.push(args);
  try {
    for (const error of [new Error("secret"), new TypeError("secret"), "secret", undefined]) {
      logged.length = 0;
      const { status, message } = toProblem(error);
      assertEquals(status, 500);
      assert(!message.includes("secret"));
      assertEquals(logged.length, 1);
      const [, id] = /: (\w+)\.$/.exec(message)!;
      assert(String(logged[0][0]).includes(id));
      assertEquals(logged[0][1], error);
    }
  } finally {
    console.error = real;
  }
});

Deno.test("a problem as JSON is never cached and says when to come back", async () => {
  const response = problemJson({ status: 429, message: "Wait.", retryAfterMs: 1_200 });
  assertEquals(response.status, 429);
  assertEquals(response.headers.get("retry-after"), "2");
  assertEquals(response.headers.get("cache-control"), "private, no-store");
  assertEquals(response.headers.get("x-content-type-options"), "nosniff");
  assertMatch(response.headers.get("content-security-policy")!, /default-src 'none'/);
  assertEquals(await response.json(), { error: "Wait.", retryAfterMs: 1_200 });
  assertEquals(problemHeaders({ status: 404, message: "" }).get("retry-after"), null);
});
