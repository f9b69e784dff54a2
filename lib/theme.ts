/**
 * The design as a twind configuration: type, breakpoints, variants, and utilities that name the
 * colours of `theme_colors.ts`. Spacing, radii and the rest are Tailwind's own scales.
 */

import type { TwindUserConfig } from "@twind/core";
import presetAutoprefix from "@twind/preset-autoprefix";
import presetTailwind from "@twind/preset-tailwind";
import { baseStyles } from "./css_base.ts";
import { componentRules } from "./css_parts.ts";
import { utilityRules } from "./css_utilities.ts";
import { dark, light } from "./theme_colors.ts";

/** `ui-sans-serif` and its like are one family each on their own system; the rest are fallbacks. */
const SANS =
  'ui-sans-serif, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';
const MONO =
  'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

/**
 * Everything twind needs to turn class tokens into rules. The cast: the presets' theme types and
 * those of a plain config do not meet, and nothing here reads a theme value by its type.
 */
export function themeConfig(): TwindUserConfig {
  const config = {
    presets: [presetAutoprefix(), presetTailwind({ disablePreflight: true })],
    preflight: {
      ":root": { colorScheme: "light dark", ...properties(light) },
      "@media (prefers-color-scheme: dark)": { ":root": properties(dark) },
      ...baseStyles,
    },
    theme: {
      screens: { wide: "860px" },
      fontFamily: { sans: SANS, mono: MONO },
      fontSize: {
        xs: ["0.75rem", "1rem"],
        sm: ["0.8125rem", "1.125rem"],
        base: ["0.9375rem", "1.375rem"],
        lg: ["1.0625rem", "1.5rem"],
        xl: ["1.375rem", "1.75rem"],
        "2xl": ["1.75rem", "2.25rem"],
      },
      extend: { colors: colorNames() },
    },
    variants: [["touch", "@media (pointer: coarse)"], ["narrow", "@media (max-width: 859.98px)"]],
    rules: [...utilityRules, ...componentRules],
  };
  return config as unknown as TwindUserConfig;
}

function properties(tokens: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tokens).map(([name, value]) => [`--${name}`, value]));
}

function colorNames(): Record<string, string> {
  const colors = Object.entries(light).filter(([, value]) => value.startsWith("#"));
  return Object.fromEntries(colors.map(([name]) => [name, `var(--${name})`]));
}
