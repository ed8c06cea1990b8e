/** One open WebSocket: its frames, its keep-alive, and the input streams that go out over it. */
import type { Auth } from "./auth.js";
import { ConnectionLostError, StreamRefusedError, type RefusalReason, TimeoutError } from "./errors.js";
import { ModelException, uuid4 } from "./models.js";
import { type Input, type MethodStream, type StreamCall, type WebSocketLike, methodName } from "./streams.js";
import { type Json, type JsonObject, object } from "./wire.js";
export declare const SILENCE_LIMIT: 40_000;
/** One open socket: reader and writer of frames. */
export declare class Socket {
  #private;
  /** Wait for the first frame; only then is the socket connected. Rejects without one. */
  static open(socket: WebSocketLike, limit: number, streams: Map<string, MethodStream<unknown>>, auth: Auth, onLost: () => void): Promise<Socket>;
  private constructor();
  /** Ask the server to open a stream. */
  begin(id: string, stream: MethodStream<unknown>): void;
  receive(data: unknown): void;
  /** Close the socket; all streams have ended before. */
  close(): void;
  /** Handle the loss of the socket: notify its streams. */
  drop(cause: unknown): void;
  /** Reopen a stream once with a new token after a refusal, if there is one. */
  /** End a stream on this side; `tell` also notifies the server. */
}
/** Sends the values of one input stream, then its end. */
declare class Pump {
  readonly name: string;
  #private;
  constructor(name: string, source: Input, socket: WebSocketLike, stream: MethodStream<unknown>, send: (type: string, data: JsonObject) => void, id: string);
  stop(): void;
}
export {};
