/** A browser reduced to its cookies: the steps of a sign-in, one at a time. */

/** What came back, with the body read. */
export interface Seen {
  status: number;
  location: string | null;
  cookies: string[];
  headers: Headers;
  body: string;
}

export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Requests a path of the app, or an address of it, and keeps the cookies. */
  async send(address: string, init: RequestInit = {}): Promise<Seen> {
    const headers = new Headers(init.headers);
    headers.set("cookie", [...this.cookies].map(([k, v]) => `${k}=${v}`).join("; "));
    if (init.method === "POST" && !headers.has("origin")) headers.set("origin", this.#origin);
    const response = await fetch(new URL(address, this.#origin), {
      ...init,
      headers,
      redirect: "manual",
    });
    const cookies = response.headers.getSetCookie();
    for (const cookie of cookies) this.#keep(cookie);
    const location = response.headers.get("location");
    const { status } = response;
    return { status, location, cookies, headers: response.headers, body: await response.text() };
  }

  /** Presses the button. */
  press(provider: string, fields: Record<string, string> = {}): Promise<Seen> {
    return this.send(`/oauth/${provider}`, { method: "POST", body: new URLSearchParams(fields) });
  }

  /** Presses the button, passes the provider; answers the address that it sends the browser to. */
  async passProvider(fields: Record<string, string> = {}): Promise<string> {
    const response = await fetch(destinationOf(await this.press("oidc", fields)), {
      redirect: "manual",
    });
    await response.body?.cancel();
    const location = response.headers.get("location");
    if (!location) throw new Error(`The provider answered ${response.status}`);
    return location;
  }

  /** A whole sign-in; answers the last response. */
  async signIn(fields: Record<string, string> = {}): Promise<Seen> {
    return this.send(await this.passProvider(fields));
  }

  /** Who the app thinks it is. */
  async me(): Promise<{ id: string; username: string; name: string } | null> {
    const { status, body } = await this.send("/api/me");
    return status === 200 ? JSON.parse(body).me : null;
  }

  #keep(cookie: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/;\s*max-age=0/i.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** Where the page that follows the button moves on to. */
export function destinationOf({ headers }: Seen): string {
  const [, url] = /^0;url=(.+)$/.exec(headers.get("refresh") ?? "") ?? [];
  if (!url) throw new Error("The page does not move on");
  return url;
}
