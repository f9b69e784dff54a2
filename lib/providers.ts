/** The sign-in providers that are switched on, as buttons show them. */

import type { Config } from "./config.ts";

export interface ProviderButton {
  /** Part of the path `/oauth/<id>`. */
  id: "github" | "google" | "oidc";
  label: string;
}

/** A button for each provider whose variables are set. */
export function providersOf({ oauth }: Pick<Config, "oauth">): ProviderButton[] {
  const buttons: ProviderButton[] = [];
  if (oauth.github) buttons.push({ id: "github", label: "GitHub" });
  if (oauth.google) buttons.push({ id: "google", label: "Google" });
  if (oauth.oidc) buttons.push({ id: "oidc", label: oauth.oidc.name });
  return buttons;
}
