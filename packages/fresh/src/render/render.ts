/**
 * `ctx.render()`: wraps the content in layouts and app wrapper, renders it to a string, and adds
 * what the page's islands need. A page without islands gets no JavaScript.
 */
import { type ComponentChildren, Fragment, type FunctionComponent, h, type VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { type Context, INTERNALS } from "../context.ts";
import type { LayoutDef } from "../chain.ts";
import type { LayoutConfig, PageProps, RouteComponent } from "../types.ts";
import { toDocument } from "./document.ts";
import { type RenderState, withState } from "./state.ts";

/** What of the surroundings a page leaves out. */
export type RenderOptions = LayoutConfig;

/** Renders a page to a response. */
export async function renderPage<State>(
  ctx: Context<State>,
  vnode: VNode | null,
  how: { init: ResponseInit; options: RenderOptions },
): Promise<Response> {
  const content = await wrap(ctx, vnode, how.options);
  if (content instanceof Response) return content;
  const internals = ctx[INTERNALS];
  if (internals.useNonce) {
    internals.nonce ??= crypto.randomUUID().replaceAll("-", "");
  }
  const { snapshot, nonce } = internals;
  const state: RenderState = { snapshot, nonce, islands: [], head: null, extra: [] };
  const html = withState(state, () => {
    const body = renderToString(h(Fragment, null, content));
    return toDocument(body, state, ctx.config.basePath);
  });
  return new Response(html, withHtmlType(how.init));
}

/** Renders a server component, awaiting it when it is async. */
export async function renderComponent<State>(
  ctx: Context<State>,
  component: RouteComponent<unknown, State>,
  Component: FunctionComponent,
): Promise<ComponentChildren | Response> {
  if (component.constructor.name === "AsyncFunction") {
    const view = Object.create(ctx, { Component: { value: Component, enumerable: true } });
    return await component(view);
  }
  return h(component as FunctionComponent<PageProps<unknown, State>>, toProps(ctx, Component));
}

async function wrap<State>(
  ctx: Context<State>,
  vnode: VNode | null,
  options: RenderOptions,
): Promise<ComponentChildren | Response> {
  let content: ComponentChildren = vnode;
  for (const { component } of await surroundings(ctx, options)) {
    const inner: ComponentChildren = content;
    const wrapped: ComponentChildren | Response = await renderComponent(
      ctx,
      component,
      () => h(Fragment, null, inner),
    );
    if (wrapped instanceof Response) return wrapped;
    content = wrapped;
  }
  return content;
}

/** The layouts from the innermost out, then the app wrapper. */
async function surroundings<State>(
  ctx: Context<State>,
  options: RenderOptions,
): Promise<LayoutDef<State>[]> {
  const { chain } = ctx[INTERNALS];
  const found: LayoutDef<State>[] = [];
  let { skipInheritedLayouts: skip, skipAppWrapper } = options;
  for (const load of chain.layouts.toReversed()) {
    if (skip) break;
    const layout = await load();
    found.push(layout);
    skip = layout.config?.skipInheritedLayouts;
    skipAppWrapper ||= layout.config?.skipAppWrapper;
  }
  if (chain.wrapper && !skipAppWrapper) found.push(await chain.wrapper());
  return found;
}

function toProps<State>(
  ctx: Context<State>,
  Component: FunctionComponent,
): PageProps<unknown, State> {
  const { config, url, req, route, params, info, state, data, error, isPartial } = ctx;
  return { config, url, req, route, params, info, state, data, error, isPartial, Component };
}

function withHtmlType(init: ResponseInit): ResponseInit {
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) {
    headers.set("content-type", "text/html; charset=utf-8");
  }
  return { ...init, headers };
}
