/** Authentication: holds and stores the token, and renews it before it expires or when the server refuses it. */

import { ClientError, UnauthorizedError } from "./errors.js";
import { ModelException } from "./models.js";

const EARLY = 30_000; // ms; a token is replaced this long before it expires

/** The result of a sign-in: any model with these fields, such as the AuthSuccess of a server's sign-in. */
export interface Tokens {
  /** Sent with each call. */
  readonly token: string;
  /** The time when the server stops accepting it; null: not known. */
  readonly tokenExpiresAt?: Date | null;
  /** Exchanged for a new token; null: there is none. */
  readonly refreshToken?: string | null;
}

/** A token alone, or with its expiry and refresh token. */
export type SignIn = string | Tokens;

/** Storage of one text between runs. It is as secret as a password. */
export interface Storage {
  /** The text that was saved last; null for none. */
  load(): string | null | Promise<string | null>;
  /** Replace the saved text; null: delete it. */
  save(text: string | null): void | Promise<void>;
}

export interface AuthOptions {
  /** The first token, alone or as a sign-in returned it. */
  token?: SignIn | null;
  /** "Bearer" (the default) sends the token itself; "Basic" sends its base64. */
  scheme?: "Bearer" | "Basic";
  /**
   * Gets a new token for the refresh token ("" without one): 30 seconds before the token expires, or after a 401,
   * when the call is tried once more. null means signed out, and so does a refusal by the server: 401, or
   * an exception of a model file. Its calls with this client must be open to everyone (`@unauthenticated_call`).
   */
  refresh?: (refreshToken: string) => Promise<SignIn | null>;
  /** Stores it between runs; pages may share one. Instead of `token`. */
  storage?: Storage;
  /** Called after each change of the token. */
  onChange?: (token: string | null) => void;
}

export class Auth {
  #tokens: Required<Tokens> | null;
  #due = Infinity; // on the clock of Date.now()
  #settled = false; // somebody signed in or out: the stored token is outdated
  #loading: Promise<void> | null = null;
  #saving: Promise<void> = Promise.resolve();
  #refreshing: Promise<boolean> | null = null;
  readonly #options: AuthOptions;

  constructor(options: AuthOptions = {}) {
    this.#options = options;
    this.#tokens = complete(options.token ?? null);
    this.#due = due(this.#tokens);
    if (options.storage && this.#tokens) {
      throw new ClientError("Give Auth a token or a storage, not both: the token comes from the storage");
    }
  }

  /** Wait for the stored token. Calls and streams do so themselves; a page should before it reads `isSignedIn`. */
  ready(): Promise<void> {
    const { storage } = this.#options;
    if (!storage || this.#settled) return Promise.resolve();
    this.#loading ??= this.#load(storage).catch((error: unknown) => {
      this.#loading = null; // the next caller tries again
      throw error;
    });
    return this.#loading;
  }

  get token(): string | null {
    return this.#tokens?.token ?? null;
  }

  get isSignedIn(): boolean {
    return this.#tokens !== null;
  }

  /** Sign in: send this token from now on. Resolves once the storage has it. */
  set(token: SignIn): Promise<void> {
    return this.#keep(complete(token));
  }

  /** Sign out: send no token from now on. */
  clear(): Promise<void> {
    return this.#keep(null);
  }

  /** The value of the Authorization header; null if nobody is signed in. */
  get header(): string | null {
    if (this.#tokens === null) return null;
    if (this.#options.scheme !== "Basic") return `Bearer ${this.#tokens.token}`;
    return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(this.#tokens.token)))}`;
  }

  // The rest is for the client.

  /** Get a new token before a call if this one is about to expire. */
  async freshen(): Promise<void> {
    await this.ready();
    if (Date.now() >= this.#due) await this.renew(this.token);
  }

  /** Get a new token in place of the refused one. Returns whether there is one now; callers share one attempt. */
  renew(refused: string | null): Promise<boolean> {
    const { refresh } = this.#options;
    if (this.token !== refused) return Promise.resolve(this.isSignedIn);
    if (!refresh || refused === null) return Promise.resolve(false); // a signed-out user stays signed out
    this.#refreshing ??= this.#renew(refresh).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #renew(refresh: (refreshToken: string) => Promise<SignIn | null>): Promise<boolean> {
    if (await this.#renewedElsewhere()) return this.isSignedIn;
    const before = this.#tokens;
    if (before === null) return false;
    let found: SignIn | null = null;
    try {
      found = await refresh(before.refreshToken ?? "");
    } catch (error) {
      if (!(error instanceof UnauthorizedError || error instanceof ModelException)) throw error;
    }
    if (this.#tokens === before) await this.#keep(complete(found)); // otherwise somebody signed in or out meanwhile
    return this.isSignedIn;
  }

  /** Return whether another page with this storage renewed the token meanwhile; take that page's token in any case. */
  async #renewedElsewhere(): Promise<boolean> {
    const { storage } = this.#options;
    if (!storage) return false;
    const before = this.#tokens;
    await this.#saving;
    const kept = parse(await storage.load());
    if (this.#tokens !== before) return true;
    if (kept?.token === before?.token) return false;
    this.#change(kept);
    this.#due = due(kept);
    return Date.now() < this.#due;
  }

  async #load(storage: Storage): Promise<void> {
    const kept = parse(await storage.load());
    if (this.#settled) return;
    this.#change(kept);
    this.#due = due(kept);
  }

  async #keep(tokens: Required<Tokens> | null): Promise<void> {
    const { storage } = this.#options;
    this.#settled = true;
    this.#change(tokens);
    this.#due = due(tokens);
    if (this.#due <= Date.now()) this.#due = Infinity; // expires within EARLY, or wrong clock: rely on the 401
    if (!storage) return;
    const saved = this.#saving.then(() => storage.save(tokens && JSON.stringify(tokens)));
    this.#saving = saved.catch(() => undefined); // its caller gets the error; the next save continues
    await saved;
  }

  #change(tokens: Required<Tokens> | null): void {
    const before = this.token;
    this.#tokens = tokens;
    if (this.token !== before) this.#options.onChange?.(this.token);
  }
}

/** The time to replace them. */
function due(tokens: Required<Tokens> | null): number {
  return tokens?.tokenExpiresAt ? tokens.tokenExpiresAt.getTime() - EARLY : Infinity;
}

function complete(given: SignIn | null): Required<Tokens> | null {
  if (given === null) return null;
  const { token, tokenExpiresAt = null, refreshToken = null } = typeof given === "string" ? { token: given } : given;
  return { token, tokenExpiresAt, refreshToken };
}

/** Parse the text that #keep wrote. */
function parse(text: string | null): Required<Tokens> | null {
  if (!text) return null;
  try {
    const { token, tokenExpiresAt, refreshToken } = JSON.parse(text) as Record<keyof Tokens, string | null>;
    const end = tokenExpiresAt === null ? null : new Date(tokenExpiresAt);
    if (typeof token === "string" && !Number.isNaN(end?.getTime())) {
      return { token, tokenExpiresAt: end, refreshToken };
    }
  } catch {
    // reported below
  }
  throw new ClientError("The storage gave a text that Auth did not save");
}
