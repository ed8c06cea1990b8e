/** Who calls: holds the token, keeps it, and gets a new one before it ends or when the server no longer takes it. */

import { ClientError, UnauthorizedError } from "./errors.js";
import { ModelException } from "./models.js";

const EARLY = 30_000; // ms before its end at which a token is replaced

/** What a sign-in gives; a model with these fields, such as the AuthSuccess of a server's sign-in, is one. */
export interface Tokens {
  /** Goes along with each call. */
  readonly token: string;
  /** When the server takes it no longer; null: it does not say. */
  readonly tokenExpiresAt?: Date | null;
  /** What a new one is had for; null: there is none. */
  readonly refreshToken?: string | null;
}

/** A token alone, or with its end and what a new one is had for. */
export type SignIn = string | Tokens;

/** Keeps one text from one run to the next. It is as secret as a password. */
export interface Storage {
  /** The text that was saved last; null for none. */
  load(): string | null | Promise<string | null>;
  /** Keep the text instead of the one before; null: keep none. */
  save(text: string | null): void | Promise<void>;
}

export interface AuthOptions {
  /** To start with, alone or as a sign-in gave it. */
  token?: SignIn | null;
  /** "Bearer" (the default) sends the token as it is; "Basic" sends the base64 of it. */
  scheme?: "Bearer" | "Basic";
  /**
   * Gets a new token for the refresh token ("" without one): 30 seconds before the end of the token, or after a 401,
   * when the call is tried once more. null means signed out, and so does an answer by which the server refuses: 401, or
   * an exception of a model file. What it calls of its own client must be open to everyone (`@unauthenticated_call`).
   */
  refresh?: (refreshToken: string) => Promise<SignIn | null>;
  /** Keeps it from one run to the next; pages may share one. Instead of `token`. */
  storage?: Storage;
  /** Is told of every change of the token. */
  onChange?: (token: string | null) => void;
}

export class Auth {
  #tokens: Required<Tokens> | null;
  #due = Infinity; // on the clock of Date.now()
  #settled = false; // somebody signed in or out: what is in the storage is past
  #loading: Promise<void> | null = null;
  #saving: Promise<void> = Promise.resolve();
  #refreshing: Promise<boolean> | null = null;
  readonly #options: AuthOptions;

  constructor(options: AuthOptions = {}) {
    this.#options = options;
    this.#tokens = complete(options.token ?? null);
    this.#due = due(this.#tokens);
    if (options.storage && this.#tokens) {
      throw new ClientError("Give Auth a token or a storage: what is in the storage is the token");
    }
  }

  /** Wait for what is in the storage. Calls and streams do so themselves; a page may before it asks `isSignedIn`. */
  ready(): Promise<void> {
    const { storage } = this.#options;
    if (!storage || this.#settled) return Promise.resolve();
    this.#loading ??= this.#load(storage).catch((error: unknown) => {
      this.#loading = null; // the next who asks tries again
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

  /** Who signed in calls from now on. Wait for it to know that the storage has it. */
  set(token: SignIn): Promise<void> {
    return this.#keep(complete(token));
  }

  /** Nobody calls from now on. */
  clear(): Promise<void> {
    return this.#keep(null);
  }

  /** The value of the Authorization header; null when nobody is signed in. */
  get header(): string | null {
    if (this.#tokens === null) return null;
    if (this.#options.scheme !== "Basic") return `Bearer ${this.#tokens.token}`;
    return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(this.#tokens.token)))}`;
  }

  // What follows is for the client.

  /** Before a call: get a new token where this one is about to end. */
  async freshen(): Promise<void> {
    await this.ready();
    if (Date.now() >= this.#due) await this.renew(this.token);
  }

  /** Get a new token in place of the refused one. Says whether there is one now; callers share one attempt. */
  renew(refused: string | null): Promise<boolean> {
    const { refresh } = this.#options;
    if (this.token !== refused) return Promise.resolve(this.isSignedIn);
    if (!refresh || refused === null) return Promise.resolve(false); // who signed out stays so
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
    if (this.#tokens === before) await this.#keep(complete(found)); // else somebody signed in or out meanwhile
    return this.isSignedIn;
  }

  /** Whether another page with this storage did it meanwhile. What that page has is taken in any case. */
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
    if (this.#due <= Date.now()) this.#due = Infinity; // shorter than EARLY, or a wrong clock: the server's 401 tells
    if (!storage) return;
    const saved = this.#saving.then(() => storage.save(tokens && JSON.stringify(tokens)));
    this.#saving = saved.catch(() => undefined); // who asked for it is told; the next one goes on
    await saved;
  }

  #change(tokens: Required<Tokens> | null): void {
    const before = this.token;
    this.#tokens = tokens;
    if (this.token !== before) this.#options.onChange?.(this.token);
  }
}

/** When to replace them. */
function due(tokens: Required<Tokens> | null): number {
  return tokens?.tokenExpiresAt ? tokens.tokenExpiresAt.getTime() - EARLY : Infinity;
}

function complete(given: SignIn | null): Required<Tokens> | null {
  if (given === null) return null;
  const { token, tokenExpiresAt = null, refreshToken = null } = typeof given === "string" ? { token: given } : given;
  return { token, tokenExpiresAt, refreshToken };
}

/** What #keep wrote. */
function parse(text: string | null): Required<Tokens> | null {
  if (!text) return null;
  try {
    const { token, tokenExpiresAt, refreshToken } = JSON.parse(text) as Record<keyof Tokens, string | null>;
    const end = tokenExpiresAt === null ? null : new Date(tokenExpiresAt);
    if (typeof token === "string" && !Number.isNaN(end?.getTime())) {
      return { token, tokenExpiresAt: end, refreshToken };
    }
  } catch {
    // told below
  }
  throw new ClientError("The storage gave a text that Auth did not save");
}
