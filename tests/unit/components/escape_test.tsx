/** What people write is in the server's page as they wrote it: escaped, and once. */

import { assertStringIncludes } from "@std/assert";
import { renderToString } from "preact-render-to-string";
import { Markdown } from "../../../components/Markdown.tsx";

Deno.test("a message's text is escaped once, among other elements too", () => {
  const html = renderToString(<Markdown text="a < b & c **d < e** > `f & g`" tail={<i>tail</i>} />);
  assertStringIncludes(html, "a &lt; b &amp; c <strong>d &lt; e</strong> > <code>f &amp; g</code>");
  assertStringIncludes(renderToString(<Markdown text="> x & y" />), "x &amp; y");
});

Deno.test("… also where people may be mentioned", () => {
  const mentioned = { me: "m1", people: new Map([["bob", "b1"]]) };
  const html = renderToString(<Markdown text="a < @bob & @me" mentioned={mentioned} />);
  assertStringIncludes(html, "a &lt; <a");
  assertStringIncludes(html, "</a> &amp; @me");
});
