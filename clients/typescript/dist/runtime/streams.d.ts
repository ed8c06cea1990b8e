/** Method streams as their readers see them. Their transport is in streamer.ts and sockets.ts. */
import { type CallOptions, type MethodCall, encodeArguments } from "./calls.js";
import { ClientError, type ConnectionLostError, StreamClosedError, StreamOverflowError, TimeoutError } from "./errors.js";
import { decodeException, decodeTyped, encodeTyped } from "./models.js";
import type { Codec, Json } from "./wire.js";
/** The options of a stream besides the arguments. */
export interface StreamOptions extends CallOptions {
  /** Reopen the stream after a lost connection. Its method then runs from the start. */
  reconnect?: boolean;
}
/** The source of an input stream. */
export type Source<T> = AsyncIterable<T> | Iterable<T>;
/** An input stream of a method with the type of its values. */
export interface Input {
  iterate(): AsyncIterator<Json>;
}
export declare function input<T>(codec: Codec<T>, source: Source<T>): Input;
export interface StreamCall<T> extends MethodCall<T> {
  readonly inputs?: Readonly<Record<string, Input>>;
}
/** The part of a WebSocket that is used here; browsers, Node 22, Deno and Bun have it, `ws` has it too. */
export interface WebSocketLike {
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(text: string): void;
  close(): void;
}
export type WebSocketType = new (url: string) => WebSocketLike;
/** The part of a Streamer that its streams use. */
interface Host {
  timeout: number;
  start(stream: MethodStream<never>, deadline: number): void;
  forget(id: string): void;
}
/**
 * The values of a streaming method, for `for await`. Leaving the loop ends the method on the server; `return()` too,
 * at any time.
 */
export declare class MethodStream <T> implements AsyncIterableIterator<T> {
  readonly call: StreamCall<T>;
  /** The arguments as JSON, read once. */
  readonly arguments: string;
  #private;
  constructor(call: StreamCall<T>, options: StreamOptions, host: Host);
  [Symbol.asyncIterator](): this;
  next(): Promise<IteratorResult<T, undefined>>;
  /** End the stream, even while waiting for a value. */
  return(): Promise<IteratorResult<T, undefined>>;
  get ended(): boolean;
  /** The rest is for the connection. */
  attach(id: string, detach: ((tell: boolean) => void) | null): void;
  accepted(): void;
  push(json: unknown): void;
  raise(json: unknown): void;
  closed(failed: boolean): void;
  inputFailed(error: unknown): void;
  fail(error: unknown): void;
  /** Handle a broken socket. A stream not yet accepted starts again; so does one that reconnects. */
  lost(error: ConnectionLostError): void;
}
interface PromiseWithResolvers<V> {
  promise: Promise<V>;
  resolve(value: V): void;
  reject(error: unknown): void;
}
/** "notes.watchNotes" */
export declare function methodName(call: StreamCall<unknown>): string;
export {};
