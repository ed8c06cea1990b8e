/** Authentication: holds and stores the token, and renews it before it expires or when the server refuses it. */

import { ClientError, UnauthorizedError } from "./errors.js";
import { ModelException } from "./models.js";

const EARLY = 30_000; // ms; a token is replaced this long before it expires

/** The result of a sign-in: any model with these fields, such as the AuthSuccess of a server's sign-in. */


/** A token alone, or with its expiry and refresh token. */


/** Storage of one text between runs. It is as secret as a password. */




export class Auth {
  #tokens;
  #due = Infinity; // on the clock of Date.now()
  #settled = false; // somebody signed in or out: the stored token is outdated
  #loading = null;
  #saving = Promise.resolve();
  #refreshing = null;
  #options;

  constructor(options = {}) {
    this.#options = options;
    this.#tokens = complete(options.token ?? null);
    this.#due = due(this.#tokens);
    if (options.storage && this.#tokens) {
      throw new ClientError("Give Auth a token or a storage, not both: the token comes from the storage");
    }
  }

  /** Wait for the stored token. Calls and streams do so themselves; a page should before it reads `isSignedIn`. */
  ready() {
    const { storage } = this.#options;
    if (!storage || this.#settled) return Promise.resolve();
    this.#loading ??= this.#load(storage).catch((error) => {
      this.#loading = null; // the next caller tries again
      throw error;
    });
    return this.#loading;
  }

  get token() {
    return this.#tokens?.token ?? null;
  }

  get isSignedIn() {
    return this.#tokens !== null;
  }

  /** Sign in: send this token from now on. Resolves once the storage has it. */
  set(token) {
    return this.#keep(complete(token));
  }

  /** Sign out: send no token from now on. */
  clear() {
    return this.#keep(null);
  }

  /** The value of the Authorization header; null if nobody is signed in. */
  get header() {
    if (this.#tokens === null) return null;
    if (this.#options.scheme !== "Basic") return `Bearer ${this.#tokens.token}`;
    return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(this.#tokens.token)))}`;
  }

  // The rest is for the client.

  /** Get a new token before a call if this one is about to expire. */
  async freshen() {
    await this.ready();
    if (Date.now() >= this.#due) await this.renew(this.token);
  }

  /** Get a new token in place of the refused one. Returns whether there is one now; callers share one attempt. */
  renew(refused) {
    const { refresh } = this.#options;
    if (this.token !== refused) return Promise.resolve(this.isSignedIn);
    if (!refresh || refused === null) return Promise.resolve(false); // a signed-out user stays signed out
    this.#refreshing ??= this.#renew(refresh).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #renew(refresh) {
    if (await this.#renewedElsewhere()) return this.isSignedIn;
    const before = this.#tokens;
    if (before === null) return false;
    let found = null;
    try {
      found = await refresh(before.refreshToken ?? "");
    } catch (error) {
      if (!(error instanceof UnauthorizedError || error instanceof ModelException)) throw error;
    }
    if (this.#tokens === before) await this.#keep(complete(found)); // otherwise somebody signed in or out meanwhile
    return this.isSignedIn;
  }

  /** Return whether another page with this storage renewed the token meanwhile; take that page's token in any case. */
  async #renewedElsewhere() {
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

  async #load(storage) {
    const kept = parse(await storage.load());
    if (this.#settled) return;
    this.#change(kept);
    this.#due = due(kept);
  }

  async #keep(tokens) {
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

  #change(tokens) {
    const before = this.token;
    this.#tokens = tokens;
    if (this.token !== before) this.#options.onChange?.(this.token);
  }
}

/** The time to replace them. */
function due(tokens) {
  return tokens?.tokenExpiresAt ? tokens.tokenExpiresAt.getTime() - EARLY : Infinity;
}

function complete(given) {
  if (given === null) return null;
  const { token, tokenExpiresAt = null, refreshToken = null } = typeof given === "string" ? { token: given } : given;
  return { token, tokenExpiresAt, refreshToken };
}

/** Parse the text that #keep wrote. */
function parse(text) {
  if (!text) return null;
  try {
    const { token, tokenExpiresAt, refreshToken } = JSON.parse(text);
    const end = tokenExpiresAt === null ? null : new Date(tokenExpiresAt);
    if (typeof token === "string" && !Number.isNaN(end?.getTime())) {
      return { token, tokenExpiresAt: end, refreshToken };
    }
  } catch {
    // reported below
  }
  throw new ClientError("The storage gave a text that Auth did not save");
}
