/** The document around every page, error pages included. */

import { asset } from "fresh/runtime";
import type { ComponentChildren } from "preact";
import { themeColor } from "../lib/theme_colors.ts";

export function Document({ children }: { children: ComponentChildren }) {
  return (
    <html lang="en" dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <meta name="color-scheme" content="light dark" />
        <meta
          key="light"
          name="theme-color"
          media="(prefers-color-scheme: light)"
          content={themeColor.light}
        />
        <meta
          key="dark"
          name="theme-color"
          media="(prefers-color-scheme: dark)"
          content={themeColor.dark}
        />
        <meta name="description" content="Parley: messages that arrive, once and in order." />
        <link
          rel="icon"
          type="image/svg+xml"
          href={asset("/favicon.svg")}
          data-unread-href={asset("/favicon-unread.svg")}
        />
        <link rel="manifest" href={asset("/manifest.webmanifest")} />
        <link rel="apple-touch-icon" href={asset("/icon-192.png")} />
        <link rel="stylesheet" href={asset("/styles.css")} />
      </head>
      <body>
        {children}
      </body>
    </html>
  );
}
