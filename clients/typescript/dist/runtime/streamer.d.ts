/**
 * All of a client's streams over one WebSocket, open while there is a stream.
 *
 * A stream that breaks with the socket ends with ConnectionLostError; one opened with `reconnect` is opened
 * again instead, once the socket is back. The server keeps nothing for it: values sent meanwhile are lost.
 */
import type { Auth } from "./auth.js";
import type { CallOptions } from "./calls.js";
import { NetworkError, StreamClosedError } from "./errors.js";
import { uuid4 } from "./models.js";
import { SILENCE_LIMIT, Socket } from "./sockets.js";
import { MethodStream, type StreamCall, type StreamOptions, type WebSocketType } from "./streams.js";
export interface StreamerOptions {
  url: string;
  auth: Auth;
  /** Milliseconds to open a stream, attempts to connect included. */
  timeout: number;
  webSocket: () => Promise<WebSocketType>;
}
/** The opener of streams and owner of their socket. */
export declare class Streamer {
  #private;
  constructor(options: StreamerOptions);
  /** The stream of a method's values. It opens when the first value is requested. */
  open<T>(call: StreamCall<T>, options?: StreamOptions): MethodStream<T>;
  /** Run a method that takes streams and returns one value. */
  callWithInputs<T>(call: StreamCall<T>, options?: CallOptions): Promise<T>;
  /** End all streams and close the socket. */
  close(): void;
}
export {};
