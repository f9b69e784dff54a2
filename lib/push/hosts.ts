/**
 * Where pushes may go. An endpoint is an address that a client gives and the server then calls:
 * without a list of push services, anybody could make the server call into its own network.
 */

/** The push services of Chrome and Edge on Android, Firefox, Safari, and Edge on Windows. */
export const PUSH_HOSTS: readonly string[] = [
  "fcm.googleapis.com",
  "*.push.services.mozilla.com",
  "*.push.apple.com",
  "*.notify.windows.com",
];

/** Longest endpoint that is stored, in characters; those of today have some 200. */
const MAX_ENDPOINT_CHARS = 1_024;
const LABELS = "[a-z0-9-]+(?:\\.[a-z0-9-]+)*";
const HOST = new RegExp(`^(?:\\*\\.)?${LABELS}(?::\\d{1,5})?$`);
/** Plain HTTP is for push services on the same machine, as tests have them. */
const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|localhost):\d{1,5}$/;

/** Whether this can stand in a list of hosts: `host`, `*.host`, with a port, or a loopback origin. */
export function isPushHost(text: string): boolean {
  return HOST.test(text) || LOOPBACK.test(text);
}

/** Whether an endpoint is at one of the hosts. */
export function mayPushTo(endpoint: string, hosts: readonly string[]): boolean {
  if (endpoint.length > MAX_ENDPOINT_CHARS || !URL.canParse(endpoint)) return false;
  const url = new URL(endpoint);
  if (url.username !== "" || url.password !== "") return false;
  if (url.protocol === "http:") return LOOPBACK.test(url.origin) && hosts.includes(url.origin);
  return url.protocol === "https:" && hosts.some((host) => isAt(url.host, host));
}

function isAt(host: string, wanted: string): boolean {
  return wanted.startsWith("*.") ? host.endsWith(wanted.slice(1)) : host === wanted;
}
