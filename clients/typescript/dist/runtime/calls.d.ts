/** One call: a POST with the arguments as JSON. */
import type { Auth } from "./auth.js";
import { HttpError, NetworkError, TimeoutError, WireError } from "./errors.js";
import { decodeException } from "./models.js";
import { type Codec, type Json, at } from "./wire.js";
/** The options of a call besides the arguments. */
export interface CallOptions {
  /** Aborts the call. */
  signal?: AbortSignal;
  /** Milliseconds until the call fails with TimeoutError; 0 for never. */
  timeout?: number;
}
/** An argument with its type. One that is undefined is not sent, so that the server's default applies. */
export interface Argument {
  encode(): Json | undefined;
}
export declare function argument<T>(codec: Codec<T>, value: T | undefined): Argument;
export interface MethodCall<T> {
  readonly endpoint: string;
  readonly method: string;
  readonly arguments: Readonly<Record<string, Argument>>;
  readonly returns: Codec<T>;
  /** Sends no credential. */
  readonly unauthenticated?: boolean;
}
export interface CallerOptions {
  host: string;
  auth: Auth;
  timeout: number;
  fetch: typeof fetch;
  headers: Readonly<Record<string, string>>;
}
/** The arguments of a call as JSON text. */
export declare function encodeArguments(call: MethodCall<unknown>): string;
export declare class Caller {
  #private;
  constructor(options: CallerOptions);
  /** Call a method. After a 401 the token is refreshed once, if possible, and the call repeated. */
  call<T>(call: MethodCall<T>, given?: CallOptions): Promise<T>;
}
export interface Answer {
  readonly status: number;
  readonly text: string;
}
/** Send a request and read its whole answer. Raises NetworkError, TimeoutError, or the reason of the signal. */
export declare function send(run: typeof fetch, url: string, request: RequestInit, { signal, timeout }: CallOptions): Promise<Answer>;
/** Wait for a new token, at most as long as for an answer. */
export {};
