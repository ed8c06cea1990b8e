/** Method streams as their readers see them. Their transport is in streamer.ts and sockets.ts. */

import { type CallOptions, type MethodCall, encodeArguments } from "./calls.js";
import { ClientError, type ConnectionLostError, StreamClosedError, StreamOverflowError, TimeoutError } from "./errors.js";
import { decodeException, decodeTyped, encodeTyped } from "./models.js";
import type { Codec, Json } from "./wire.js";

const MAX_WAITING_VALUES = 10_000; // per stream, not yet taken

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

export function input<T>(codec: Codec<T>, source: Source<T>): Input {
  return {
    async *iterate() {
      for await (const value of source) yield encodeTyped(codec, value);
    },
  };
}

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
export class MethodStream<T> implements AsyncIterableIterator<T> {
  readonly call: StreamCall<T>;
  /** The arguments as JSON, read once. */
  readonly arguments: string;
  readonly #host: Host;
  readonly #options: StreamOptions;
  readonly #values: T[] = [];
  readonly #waiting: Array<PromiseWithResolvers<IteratorResult<T, undefined>>> = [];
  #state: "new" | "opening" | "open" | "ended" = "new";
  #error: unknown = undefined;
  #inputError: unknown = undefined;
  #id = "";
  #detach: ((tell: boolean) => void) | null = null;
  #openTimer: ReturnType<typeof setTimeout> | undefined;
  #deadline = Infinity;

  constructor(call: StreamCall<T>, options: StreamOptions, host: Host) {
    this.call = call;
    this.arguments = encodeArguments(call);
    this.#options = options;
    this.#host = host;
    if (options.reconnect && Object.keys(call.inputs ?? {}).length) {
      throw new ClientError(`${methodName(call)} takes streams, which cannot be sent again: remove reconnect`);
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#state === "new") this.#start();
    if (this.#values.length) return Promise.resolve({ done: false, value: this.#values.shift() as T });
    if (this.#state === "ended") {
      const error = this.#error;
      this.#error = undefined;
      return error === undefined ? Promise.resolve(END) : Promise.reject(error);
    }
    const waiting = withResolvers<IteratorResult<T, undefined>>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** End the stream, even while waiting for a value. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#values.length = 0;
    this.#finish(undefined, true);
    this.#error = undefined;
    return Promise.resolve(END);
  }

  get ended(): boolean {
    return this.#state === "ended";
  }

  /** The rest is for the connection. */
  attach(id: string, detach: ((tell: boolean) => void) | null): void {
    this.#id = id;
    this.#detach = detach;
  }

  accepted(): void {
    clearTimeout(this.#openTimer);
    this.#deadline = Infinity;
    this.#state = "open";
  }

  push(json: unknown): void {
    if (this.#state !== "open") return;
    try {
      this.#deliver(decodeTyped(this.call.returns, json));
    } catch (error) {
      this.#finish(error, true);
    }
  }

  raise(json: unknown): void {
    try {
      this.#error = decodeException(json) ?? new StreamClosedError(`${methodName(this.call)} failed`);
    } catch (error) {
      this.#error = error;
    }
  }

  closed(failed: boolean): void {
    const cause = this.#inputError === undefined ? {} : { cause: this.#inputError };
    const unknown = new StreamClosedError(`The server ended ${methodName(this.call)} with an error`, cause);
    this.#finish(this.#error ?? (failed ? unknown : undefined), false);
  }

  inputFailed(error: unknown): void {
    this.#inputError = error;
  }

  fail(error: unknown): void {
    this.#finish(error, false);
  }

  /** Handle a broken socket. A stream not yet accepted starts again; so does one that reconnects. */
  lost(error: ConnectionLostError): void {
    this.#detach = null;
    if (this.#state === "opening" || (this.#state === "open" && this.#options.reconnect)) {
      this.#state = "opening";
      this.#host.start(this as never, this.#deadline);
    } else {
      this.#finish(error, false);
    }
  }

  #start(): void {
    const { signal } = this.#options;
    this.#state = "opening";
    if (signal?.aborted) return this.#finish(signal.reason, false);
    signal?.addEventListener("abort", this.#abort, { once: true });
    const { timeout } = this.#host;
    if (timeout !== Infinity) {
      const late = new TimeoutError(`The server did not open ${methodName(this.call)} within ${timeout} ms`);
      this.#openTimer = setTimeout(() => this.#finish(late, true), timeout);
    }
    this.#deadline = Date.now() + timeout;
    this.#host.start(this as never, this.#deadline);
  }

  readonly #abort = (): void => this.#finish(this.#options.signal?.reason, true);

  #deliver(value: T): void {
    const waiting = this.#waiting.shift();
    if (waiting) return waiting.resolve({ done: false, value });
    this.#values.push(value);
    if (this.#values.length <= MAX_WAITING_VALUES) return;
    const message = `More than ${MAX_WAITING_VALUES} values of ${methodName(this.call)} wait to be taken`;
    this.#finish(new StreamOverflowError(message), true);
  }

  #finish(error: unknown, tell: boolean): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#error = error;
    clearTimeout(this.#openTimer);
    this.#options.signal?.removeEventListener("abort", this.#abort);
    this.#detach?.(tell);
    this.#detach = null;
    this.#host.forget(this.#id);
    for (const waiting of this.#waiting.splice(0)) {
      if (this.#error === undefined) waiting.resolve(END);
      else waiting.reject(this.#error);
      this.#error = undefined;
    }
  }
}

const END: IteratorReturnResult<undefined> = { done: true, value: undefined };

interface PromiseWithResolvers<V> {
  promise: Promise<V>;
  resolve(value: V): void;
  reject(error: unknown): void;
}

function withResolvers<V>(): PromiseWithResolvers<V> {
  let resolve!: (value: V) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<V>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

/** "notes.watchNotes" */
export function methodName(call: StreamCall<unknown>): string {
  return `${call.endpoint}.${call.method}`;
}
