/** The base of a generated client: one connection to one server. */

import { Auth,  } from "./auth.js";
import {   Caller,  } from "./calls.js";
import { ClientError } from "./errors.js";
import { Streamer } from "./streamer.js";

import { upload } from "./uploads.js";




const DEFAULT_TIMEOUT = 20_000; // ms

/** The base of the generated Client. Sufficient to create single endpoints: `new NotesEndpoint(client)`. */
export class BaseClient {
  /** The server's address, ending with "/". */
  host;
  /** The signed-in user: `client.auth.set(token)` after signing in, `client.auth.clear()` after signing out. */
  auth;
  /** For the endpoints. */
  _connection;
  #fetch;

  constructor(host, options = {}) {
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
  upload(description, data, options = {}) {
    return upload(description, data, { ...options, fetch: this.#fetch });
  }

  /** End all streams. The client can be used again afterwards. */
  close() {
    this._connection.close();
  }
}

/** The two ways to the server: calls, and streams. */
export class Connection {
  caller;
  streamer;

  constructor(caller, streamer) {
    this.caller = caller;
    this.streamer = streamer;
  }

  close() {
    this.streamer.close();
  }
}

/** The base of the generated endpoints. Its own names start with "_", which no method's name does. */
export class Endpoint {
   _connection;
   _name;

  constructor(client, name) {
    this._connection = client._connection;
    this._name = name;
  }

   _call(method, args, returns, options) {
    return this._connection.caller.call(this._describe(method, args, returns, options), options);
  }

   _stream(
    method,
    args,
    inputs,
    returns,
    options,
  ) {
    const call = { ...this._describe(method, args, returns, options), inputs };
    return this._connection.streamer.open(call, options);
  }

   _callWithInputs(
    method,
    args,
    inputs,
    returns,
    options,
  ) {
    const call = { ...this._describe(method, args, returns, options), inputs };
    return this._connection.streamer.callWithInputs(call, options);
  }

   _describe(
    method,
    args,
    returns,
    { unauthenticated = false },
  ) {
    return { endpoint: this._name, method, arguments: args, returns, unauthenticated };
  }
}





function readHost(host) {
  if (!/^https?:\/\//.test(host)) throw new ClientError(`The host must start with http:// or https://, not "${host}"`);
  return host.endsWith("/") ? host : `${host}/`;
}

async function findWebSocket(given) {
  const own = given ?? (globalThis).WebSocket;
  if (own) return own;
  const { nodeWebSocket } = await import("./node_websocket.js");
  return nodeWebSocket();
}
