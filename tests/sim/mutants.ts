/** Broken code, made by wrapping the real one: the simulation must notice each of these. */

import type { Mutant } from "./town.ts";

export const MUTANTS: Record<string, Mutant> = {};
