/** Authentication: holds and stores the token, and renews it before it expires or when the server refuses it. */
import { ClientError, UnauthorizedError } from "./errors.js";
import { ModelException } from "./models.js";
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
export declare class Auth {
  #private;
  constructor(options?: AuthOptions);
  /** Wait for the stored token. Calls and streams do so themselves; a page should before it reads `isSignedIn`. */
  ready(): Promise<void>;
  get token(): string | null;
  get isSignedIn(): boolean;
  /** Sign in: send this token from now on. Resolves once the storage has it. */
  set(token: SignIn): Promise<void>;
  /** Sign out: send no token from now on. */
  clear(): Promise<void>;
  /** The value of the Authorization header; null if nobody is signed in. */
  get header(): string | null;
  /** Get a new token before a call if this one is about to expire. */
  freshen(): Promise<void>;
  /** Get a new token in place of the refused one. Returns whether there is one now; callers share one attempt. */
  renew(refused: string | null): Promise<boolean>;
  /** Return whether another page with this storage renewed the token meanwhile; take that page's token in any case. */
}
/** The time to replace them. */
/** Parse the text that #keep wrote. */
export {};
