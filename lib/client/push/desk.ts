/**
 * Notifications of one account in this browser: whether they are on, turning them on and off, and
 * keeping the subscription known to the server. Loaded on demand, never at first paint; it asks for
 * the permission only when somebody pressed a button.
 *
 * The permission is the site's, the account is not: that notifications are on is remembered for the
 * account, so that whoever signs in next in this browser does not get them without asking.
 */

/** How it stands here. `unsupported`: the browser has none, or only for installed apps. */
export type PushState = "unsupported" | "blocked" | "off" | "on";

const WORKER = "/sw.js";

/** The desk of an account, by its id. */
export class PushDesk {
  readonly #account: string;

  constructor(account: string) {
    this.#account = account;
  }

  /** How it stands, without changing or asking anything. */
  async state(): Promise<PushState> {
    if (!isSupported()) return "unsupported";
    if (Notification.permission === "denied") return "blocked";
    if (Notification.permission !== "granted" || !this.#isOn) return "off";
    const registration = await navigator.serviceWorker.getRegistration(WORKER);
    return await registration?.pushManager.getSubscription() ? "on" : "off";
  }

  /** Asks for the permission and subscribes; call it from a click. Rejects when it cannot be done. */
  async turnOn(): Promise<PushState> {
    if (!isSupported()) return "unsupported";
    const permission = await Notification.requestPermission();
    if (permission !== "granted") return permission === "denied" ? "blocked" : "off";
    await this.#subscribe({ renew: false });
    remember(this.#account, true);
    return "on";
  }

  /** Ends this browser's subscription; the server notices with the next push, or at once by `id`. */
  async turnOff(): Promise<void> {
    remember(this.#account, false);
    const registration = await navigator.serviceWorker.getRegistration(WORKER);
    const subscription = await registration?.pushManager.getSubscription();
    if (!subscription) return;
    const id = await hashOf(subscription.endpoint);
    await fetch(`/api/push/devices/${id}`, { method: "DELETE" });
    await subscription.unsubscribe();
  }

  /** The offer was answered: it is not made again in this browser. */
  dismiss(): void {
    try {
      localStorage.setItem(DISMISSED, "1");
    } catch {
      // Then it is made again some day.
    }
  }

  get isDismissed(): boolean {
    try {
      return localStorage.getItem(DISMISSED) !== null;
    } catch {
      return true; // it could not be remembered
    }
  }

  /** Once a page load: subscriptions end by themselves, and sessions change. */
  async renew(): Promise<void> {
    if (isSupported() && Notification.permission === "granted" && this.#isOn) {
      await this.#subscribe({ renew: true });
    }
  }

  get #isOn(): boolean {
    return remembered(this.#account);
  }

  async #subscribe({ renew }: { renew: boolean }): Promise<void> {
    const { key } = await json(await fetch("/api/push/key"));
    await navigator.serviceWorker.register(WORKER);
    const { pushManager } = await navigator.serviceWorker.ready;
    let subscription = await pushManager.getSubscription();
    const replaces = subscription?.endpoint;
    if (subscription && !isFor(subscription, key)) {
      await subscription.unsubscribe();
      subscription = null;
    }
    subscription ??= await pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: key,
    });
    const { endpoint, keys } = subscription.toJSON();
    const isNew = replaces !== undefined && replaces !== endpoint;
    const response = await fetch("/api/push/devices", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        endpoint,
        keys,
        ...isNew && { replaces },
        ...renew && { renew },
      }),
    });
    if (response.status !== 404) return void await json(response);
    remember(this.#account, false); // removed at another device: it stays so
    await subscription.unsubscribe();
  }
}

function isSupported(): boolean {
  return "serviceWorker" in navigator && "PushManager" in globalThis &&
    "Notification" in globalThis;
}

async function json(response: Response): Promise<{ key: string }> {
  if (response.ok) return await response.json();
  throw new Error(`The server answered ${response.status}.`);
}

/** Whether a subscription was made with this key; another one is from before the keys were lost. */
function isFor(subscription: PushSubscription, key: string): boolean {
  const made = subscription.options.applicationServerKey;
  return !made || base64Url(new Uint8Array(made)) === key;
}

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return base64Url(new Uint8Array(digest));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const NAME = "parley-push-";
const DISMISSED = "parley-push-hint";

function remembered(account: string): boolean {
  try {
    return localStorage.getItem(NAME + account) !== null;
  } catch {
    return false;
  }
}

function remember(account: string, on: boolean): void {
  try {
    if (on) localStorage.setItem(NAME + account, "on");
    else localStorage.removeItem(NAME + account);
  } catch {
    // Without storage they stay on until the subscription ends.
  }
}
