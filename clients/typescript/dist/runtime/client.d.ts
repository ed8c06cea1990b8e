/** The base of a generated client: one connection to one server. */
import { Auth, type AuthOptions } from "./auth.js";
import { type Argument, type CallOptions, Caller, type MethodCall } from "./calls.js";
import { ClientError } from "./errors.js";
import { Streamer } from "./streamer.js";
import type { Input, MethodStream, StreamOptions, WebSocketType } from "./streams.js";
import { upload } from "./uploads.js";
import type { Codec } from "./wire.js";
export interface ClientOptions {
  /** The caller's authentication: a token, or an Auth to share one. */
  auth?: Auth | AuthOptions;
  /** Milliseconds until a call fails, or until a stream must be open. Default 20,000; 0 for never. */
  timeout?: number;
  /** Sent with each call. */
  headers?: Readonly<Record<string, string>>;
  /** Another fetch, for tests or proxies. */
  fetch?: typeof fetch;
  /** Another WebSocket class. Default: the platform's, and on Node 20 a small one of this package. */
  webSocket?: WebSocketType;
}
/** The base of the generated Client. Sufficient to create single endpoints: `new NotesEndpoint(client)`. */
export declare class BaseClient {
  /** The server's address, ending with "/". */
  readonly host: string;
  /** The signed-in user: `client.auth.set(token)` after signing in, `client.auth.clear()` after signing out. */
  readonly auth: Auth;
  /** For the endpoints. */
  readonly _connection: Connection;
  #private;
  constructor(host: string, options?: ClientOptions);
  /** Send a file to the place that the server reserved; `description` is the server's text for it. */
  upload(description: string, data: Blob | Uint8Array, options?: CallOptions): Promise<void>;
  /** End all streams. The client can be used again afterwards. */
  close(): void;
}
/** The two ways to the server: calls, and streams. */
export declare class Connection {
  readonly caller: Caller;
  readonly streamer: Streamer;
  constructor(caller: Caller, streamer: Streamer);
  close(): void;
}
/** The base of the generated endpoints. Its own names start with "_", which no method's name does. */
export declare abstract class Endpoint {
  protected readonly _connection: Connection;
  protected readonly _name: string;
  constructor(client: BaseClient, name: string);
  protected _call<T>(method: string, args: Arguments, returns: Codec<T>, options: Options<CallOptions>): Promise<T>;
  protected _stream<T>(method: string, args: Arguments, inputs: Inputs, returns: Codec<T>, options: Options<StreamOptions>): MethodStream<T>;
  protected _callWithInputs<T>(method: string, args: Arguments, inputs: Inputs, returns: Codec<T>, options: Options<CallOptions>): Promise<T>;
  private _describe;
}
type Arguments = Readonly<Record<string, Argument>>;
type Inputs = Readonly<Record<string, Input>>;
type Options<O> = O & { unauthenticated?: boolean };
export {};
