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

const DEFAULT_TIMEOUT = 20_000; // ms

/** The base of the generated Client. Sufficient to create single endpoints: `new NotesEndpoint(client)`. */
export class BaseClient {
  /** The server's address, ending with "/". */
  readonly host: string;
  /** The signed-in user: `client.auth.set(token)` after signing in, `client.auth.clear()` after signing out. */
  readonly auth: Auth;
  /** For the endpoints. */
  readonly _connection: Connection;
  readonly #fetch: typeof fetch;

  constructor(host: string, options: ClientOptions = {}) {
    this.host = readHost(host);
    this.auth = options.auth instanceof Auth ? options.auth : new Auth(options.auth);
    const timeout = options.timeout ?? DEFAULT_TIMEOUT;
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    const caller = new Caller({
      host: this.host,
      auth: this.auth,
      timeout,
      fetch: this.#fetch,
      headers: options.headers ?? {},
    });
    const streamer = new Streamer({
      url: `${this.host.replace(/^http/, "ws")}v1/websocket`,
      auth: this.auth,
      timeout: timeout || Infinity,
      webSocket: () => findWebSocket(options.webSocket),
    });
    this._connection = new Connection(caller, streamer);
  }

  /** Send a file to the place that the server reserved; `description` is the server's text for it. */
  upload(description: string, data: Blob | Uint8Array, options: CallOptions = {}): Promise<void> {
    return upload(description, data, { ...options, fetch: this.#fetch });
  }

  /** End all streams. The client can be used again afterwards. */
  close(): void {
    this._connection.close();
  }
}

/** The two ways to the server: calls, and streams. */
export class Connection {
  readonly caller: Caller;
  readonly streamer: Streamer;

  constructor(caller: Caller, streamer: Streamer) {
    this.caller = caller;
    this.streamer = streamer;
  }

  close(): void {
    this.streamer.close();
  }
}

/** The base of the generated endpoints. Its own names start with "_", which no method's name does. */
export abstract class Endpoint {
  protected readonly _connection: Connection;
  protected readonly _name: string;

  constructor(client: BaseClient, name: string) {
    this._connection = client._connection;
    this._name = name;
  }

  protected _call<T>(method: string, args: Arguments, returns: Codec<T>, options: Options<CallOptions>): Promise<T> {
    return this._connection.caller.call(this._describe(method, args, returns, options), options);
  }

  protected _stream<T>(
    method: string,
    args: Arguments,
    inputs: Inputs,
    returns: Codec<T>,
    options: Options<StreamOptions>,
  ): MethodStream<T> {
    const call = { ...this._describe(method, args, returns, options), inputs };
    return this._connection.streamer.open(call, options);
  }

  protected _callWithInputs<T>(
    method: string,
    args: Arguments,
    inputs: Inputs,
    returns: Codec<T>,
    options: Options<CallOptions>,
  ): Promise<T> {
    const call = { ...this._describe(method, args, returns, options), inputs };
    return this._connection.streamer.callWithInputs(call, options);
  }

  private _describe<T>(
    method: string,
    args: Arguments,
    returns: Codec<T>,
    { unauthenticated = false }: Options<CallOptions>,
  ): MethodCall<T> {
    return { endpoint: this._name, method, arguments: args, returns, unauthenticated };
  }
}

type Arguments = Readonly<Record<string, Argument>>;
type Inputs = Readonly<Record<string, Input>>;
type Options<O> = O & { unauthenticated?: boolean };

function readHost(host: string): string {
  if (!/^https?:\/\//.test(host)) throw new ClientError(`The host must start with http:// or https://, not "${host}"`);
  return host.endsWith("/") ? host : `${host}/`;
}

async function findWebSocket(given: WebSocketType | undefined): Promise<WebSocketType> {
  const own = given ?? (globalThis as { WebSocket?: WebSocketType }).WebSocket;
  if (own) return own;
  const { nodeWebSocket } = await import("./node_websocket.js");
  return nodeWebSocket();
}
