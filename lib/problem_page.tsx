/** Error answers: a page for browsers, JSON for the API. Complete without any middleware. */

import type { Context } from "fresh";
import { Document } from "../components/Document.tsx";
import { ErrorPage } from "../components/ErrorPage.tsx";
import type { State } from "./define.ts";
import { isApi, problemHeaders, problemJson, toProblem } from "./http.ts";

const TITLES: Record<number, string> = {
  403: "Refused",
  404: "Nothing here",
  429: "Slow down a little",
  500: "Something broke",
  503: "Too busy right now",
};

/** Answers an error; without one, it is an address that leads nowhere. */
export function renderProblem(ctx: Context<State>, error: unknown): Response | Promise<Response> {
  const problem = error
    ? toProblem(error)
    : { status: 404, message: "There is nothing at this address." };
  if (isApi(ctx)) return problemJson(problem);
  return ctx.render(
    <Document>
      <ErrorPage {...problem} title={TITLES[problem.status] ?? "That did not work"} />
    </Document>,
    { status: problem.status, headers: problemHeaders(problem) },
    { skipAppWrapper: true, skipInheritedLayouts: true },
  );
}
