/** Reads an environment variable that must be set, and throws when it is not. */
export function getRequiredEnv(key: string): string {
  const value = Deno.env.get(key);
  if (value === undefined) {
    throw new Error(`Environment variable "${key}" must be set`);
  }
  return value;
}
