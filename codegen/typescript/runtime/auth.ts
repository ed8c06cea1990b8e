/** Who calls: holds the token, and gets a new one when the server no longer takes it. */

export interface AuthOptions {
  /** The token to start with. */
  token?: string | null;
  /** "Bearer" (the default) sends the token as it is; "Basic" sends the base64 of it. */
  scheme?: "Bearer" | "Basic";
  /** Gets a new token after a 401; null means signed out. Runs once at a time, and the call is tried once more. */
  refresh?: () => Promise<string | null>;
  /** Is told of every change, to keep the token somewhere safe. */
  onChange?: (token: string | null) => void;
}

export class Auth {
  #token: string | null;
  #refreshing: Promise<boolean> | null = null;
  readonly #options: AuthOptions;

  constructor(options: AuthOptions = {}) {
    this.#options = options;
    this.#token = options.token ?? null;
  }

  get token(): string | null {
    return this.#token;
  }

  get isSignedIn(): boolean {
    return this.#token !== null;
  }

  set(token: string): void {
    this.#change(token);
  }

  clear(): void {
    this.#change(null);
  }

  /** The value of the Authorization header; null when nobody is signed in. */
  get header(): string | null {
    if (this.#token === null) return null;
    if (this.#options.scheme !== "Basic") return `Bearer ${this.#token}`;
    return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(this.#token)))}`;
  }

  /** Get a new token in place of the refused one. Says whether there is one now; callers share one attempt. */
  renew(refused: string | null): Promise<boolean> {
    const { refresh } = this.#options;
    if (this.#token !== refused) return Promise.resolve(this.#token !== null);
    if (!refresh || refused === null) return Promise.resolve(false); // who signed out stays so
    this.#refreshing ??= refresh()
      .then((token) => {
        this.#change(token);
        return token !== null;
      })
      .finally(() => {
        this.#refreshing = null;
      });
    return this.#refreshing;
  }

  #change(token: string | null): void {
    if (token === this.#token) return;
    this.#token = token;
    this.#options.onChange?.(token);
  }
}
