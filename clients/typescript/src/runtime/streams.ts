/**
 * Method streams: all of a client's streams over one WebSocket, open while there is a stream.
 *
 * What breaks with the socket ends with ConnectionLostError; a stream that was opened with `reconnect` is opened
 * again instead, once the socket is back. The server keeps nothing for it: what was sent meanwhile is lost.
 */

import type { Auth } from "./auth.js";
import { type CallOptions, type MethodCall, encodeArguments } from "./calls.js";
import {
  ClientError,
  ConnectionLostError,
  NetworkError,
  StreamClosedError,
  StreamOverflowError,
  StreamRefusedError,
  type RefusalReason,
  TimeoutError,
} from "./errors.js";
import { ModelException, decodeException, decodeTyped, encodeTyped, uuid4 } from "./models.js";
import { type Codec, type Json, type JsonObject, object } from "./wire.js";

const PING_INTERVAL = 20_000; // ms
const SILENCE_LIMIT = 40_000; // ms without a frame, then the socket counts as dead
const FIRST_PAUSE = 250; // ms between attempts to connect; doubles
const LONGEST_PAUSE = 30_000; // ms
const MAX_WAITING_VALUES = 10_000; // per stream, not yet taken
const SEND_BUFFER = 1 << 20; // bytes waiting in the socket, above which input streams pause

/** What a caller of a stream may say beside the arguments. */
export interface StreamOptions extends CallOptions {
  /** Open the stream again when the connection was lost. Its method then runs anew, from its start. */
  reconnect?: boolean;
}

/** What an input stream is read from. */
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

export interface StreamerOptions {
  url: string;
  auth: Auth;
  /** Milliseconds to open a stream, attempts to connect included. */
  timeout: number;
  webSocket: () => Promise<WebSocketType>;
}

/** Opens streams, and keeps the socket that carries them. */
export class Streamer {
  readonly #options: StreamerOptions;
  readonly #streams = new Map<string, MethodStream<unknown>>();
  #connection: Promise<Connection> | null = null;

  constructor(options: StreamerOptions) {
    this.#options = options;
  }

  /** A stream of what the method yields. It opens when its first value is asked for. */
  open<T>(call: StreamCall<T>, options: StreamOptions = {}): MethodStream<T> {
    return new MethodStream(call, options, {
      timeout: (options.timeout ?? this.#options.timeout) || Infinity,
      start: (stream, deadline) => void this.#start(stream as MethodStream<unknown>, deadline),
      forget: (id) => this.#forget(id),
    });
  }

  /** Run a method that takes streams and gives one value. */
  async callWithInputs<T>(call: StreamCall<T>, options: CallOptions = {}): Promise<T> {
    const stream = this.open(call, options);
    const first = await stream.next();
    if (first.done) throw new StreamClosedError(`${call.endpoint}.${call.method} ended without a result`);
    await stream.next();
    return first.value;
  }

  /** End all streams and close the socket. */
  close(): void {
    for (const stream of [...this.#streams.values()]) void stream.return();
    this.#release();
  }

  async #start(stream: MethodStream<unknown>, deadline: number): Promise<void> {
    const id = uuid4();
    this.#streams.set(id, stream);
    stream.attach(id, null);
    while (!stream.ended) {
      try {
        const connection = await this.#connect(deadline);
        if (!stream.ended) connection.begin(id, stream);
        return;
      } catch (error) {
        // The attempt may have been another stream's, with less patience.
        if (Date.now() + FIRST_PAUSE >= deadline) return stream.fail(error);
      }
    }
  }

  #forget(id: string): void {
    this.#streams.delete(id);
    if (this.#streams.size === 0) this.#release();
  }

  #release(): void {
    const connection = this.#connection;
    this.#connection = null;
    connection?.then((open) => open.close()).catch(() => undefined);
  }

  #connect(deadline: number): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const attempt = this.#connectWithPauses(deadline);
    this.#connection = attempt;
    attempt.catch(() => {
      if (this.#connection === attempt) this.#connection = null;
    });
    return attempt;
  }

  async #connectWithPauses(deadline: number): Promise<Connection> {
    const { url, auth, webSocket } = this.#options;
    const type = await webSocket();
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        const limit = Math.min(Math.max(deadline - Date.now(), 1), SILENCE_LIMIT);
        return await Connection.open(new type(url), limit, this.#streams, auth, () => {
          this.#connection = null;
        });
      } catch (error) {
        const wait = pause * (0.5 + Math.random() / 2);
        if (this.#streams.size === 0 || Date.now() + wait >= deadline) {
          throw new NetworkError(`Could not connect to ${url}`, { cause: error });
        }
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }
}

/** One open socket: reads and writes frames. */
class Connection {
  readonly #socket: WebSocketLike;
  readonly #streams: Map<string, MethodStream<unknown>>;
  readonly #auth: Auth;
  readonly #refreshed = new Set<MethodStream<unknown>>();
  readonly #tokens = new Map<string, string | null>();
  readonly #pumps = new Map<string, Pump[]>();
  readonly #ids = new Set<string>();
  readonly #timer: ReturnType<typeof setInterval>;
  #heardAt = Date.now();

  /** Connected is who got a first frame. Raises when that does not come. */
  static open(
    socket: WebSocketLike,
    limit: number,
    streams: Map<string, MethodStream<unknown>>,
    auth: Auth,
    onLost: () => void,
  ): Promise<Connection> {
    return new Promise((resolve, reject) => {
      let connection: Connection | null = null;
      const timer = setTimeout(() => lost(new TimeoutError(`The socket did not open within ${limit} ms`)), limit);
      const lost = (cause: unknown) => {
        clearTimeout(timer);
        socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null;
        socket.onerror = () => undefined; // closing a socket that is still connecting reports once more
        try {
          socket.close();
        } finally {
          if (connection) onLost();
          connection?.drop(cause);
          reject(cause);
        }
      };
      socket.onopen = () => socket.send(frame("ping"));
      socket.onmessage = (event: { data: unknown }) => {
        if (!connection) {
          clearTimeout(timer);
          connection = new Connection(socket, streams, auth, lost);
          resolve(connection);
        }
        connection.receive(event.data);
      };
      socket.onerror = (event: { error?: unknown; message?: unknown }) => lost(event.error ?? event.message);
      socket.onclose = (event: { code?: number }) => lost(new Error(`The socket closed (${event.code ?? "no code"})`));
    });
  }

  private constructor(
    socket: WebSocketLike,
    streams: Map<string, MethodStream<unknown>>,
    auth: Auth,
    lost: (cause: unknown) => void,
  ) {
    this.#socket = socket;
    this.#streams = streams;
    this.#auth = auth;
    this.#timer = setInterval(() => {
      if (Date.now() - this.#heardAt > SILENCE_LIMIT) lost(new Error("The server fell silent"));
      else socket.send(frame("ping"));
    }, PING_INTERVAL);
  }

  /** Ask the server to open a stream. */
  begin(id: string, stream: MethodStream<unknown>): void {
    const { call } = stream;
    const header = call.unauthenticated ? null : this.#auth.header;
    this.#ids.add(id);
    this.#tokens.set(id, this.#auth.token);
    stream.attach(id, (data) => this.#end(id, data));
    this.#send("omsc", {
      ...address(id, call),
      args: stream.arguments,
      is: Object.keys(call.inputs ?? {}),
      ...(header === null ? {} : { auth: header }),
    });
  }

  receive(data: unknown): void {
    this.#heardAt = Date.now();
    let type: unknown;
    let body: Record<string, unknown>;
    try {
      const message = object(JSON.parse(String(data)));
      type = message["type"];
      body = message["data"] === undefined || message["data"] === null ? {} : object(message["data"]);
    } catch {
      return this.#refuse(data);
    }
    if (type === "ping") return this.#socket.send(frame("pong"));
    if (type === "pong") return;
    if (type === "brm") return this.#socket.close(); // onclose tells the streams
    const id = String(body["cid"]);
    const stream = this.#streams.get(id);
    switch (type) {
      case "omsr":
        return stream && this.#answered(id, stream, body["res"]);
      case "msm":
        return stream?.push(body["o"]);
      case "msse":
        return stream?.raise(body["ex"]);
      case "cmsc":
        if (typeof body["p"] === "string") return this.#stopInput(id, body["p"]);
        return stream?.closed(body["cr"] === "error");
      default:
        return this.#refuse(data);
    }
  }

  /** Say goodbye; the streams are already gone. */
  close(): void {
    clearInterval(this.#timer);
    this.#socket.onclose = this.#socket.onmessage = null;
    this.#socket.close();
  }

  /** The socket is gone: tell the streams that it carried. */
  drop(cause: unknown): void {
    clearInterval(this.#timer);
    for (const id of this.#ids) {
      this.#stopInputs(id);
      const stream = this.#streams.get(id);
      this.#streams.delete(id);
      stream?.lost(new ConnectionLostError("The connection to the server was lost", { cause }));
    }
  }

  #answered(id: string, stream: MethodStream<unknown>, result: unknown): void {
    if (result === "success") {
      stream.accepted();
      this.#startInputs(id, stream);
    } else if (result === "authenticationFailed" && !stream.call.unauthenticated && !this.#refreshed.has(stream)) {
      void this.#tryAgain(id, stream);
    } else {
      stream.fail(new StreamRefusedError(methodName(stream.call), result as RefusalReason));
    }
  }

  /** The token was refused: open the stream once more with a new one, if there is one. */
  async #tryAgain(id: string, stream: MethodStream<unknown>): Promise<void> {
    this.#refreshed.add(stream);
    let renewed = false;
    try {
      renewed = await this.#auth.renew(this.#tokens.get(id) ?? null);
    } catch (error) {
      return stream.fail(error);
    }
    if (stream.ended || !this.#streams.has(id)) return;
    if (!renewed) return stream.fail(new StreamRefusedError(methodName(stream.call), "authenticationFailed"));
    const next = uuid4();
    this.#streams.set(next, stream);
    this.#streams.delete(id);
    this.#end(id, false);
    this.begin(next, stream);
  }

  /** The stream ended on this side; tell the server, unless the server ended it. */
  #end(id: string, tell: boolean): void {
    this.#ids.delete(id);
    this.#tokens.delete(id);
    this.#stopInputs(id);
    const call = this.#streams.get(id)?.call;
    if (tell && call) this.#send("cmsc", { ...address(id, call), cr: "done" });
  }

  #startInputs(id: string, stream: MethodStream<unknown>): void {
    const pumps = Object.entries(stream.call.inputs ?? {}).map(
      ([name, source]) => new Pump(name, source, this.#socket, stream, (type, data) => this.#send(type, data), id),
    );
    this.#pumps.set(id, pumps);
  }

  #stopInput(id: string, name: string): void {
    this.#pumps.get(id)?.find((pump) => pump.name === name)?.stop();
  }

  #stopInputs(id: string): void {
    for (const pump of this.#pumps.get(id) ?? []) pump.stop();
    this.#pumps.delete(id);
  }

  #send(type: string, data: JsonObject): void {
    this.#socket.send(frame(type, data));
  }

  #refuse(data: unknown): void {
    this.#send("brm", { req: String(data) });
    this.#socket.close();
  }
}

/** Sends the values of one input stream, then its end. */
class Pump {
  readonly name: string;
  #stopped = false;
  readonly #iterator: AsyncIterator<Json>;

  constructor(
    name: string,
    source: Input,
    socket: WebSocketLike,
    stream: MethodStream<unknown>,
    send: (type: string, data: JsonObject) => void,
    id: string,
  ) {
    this.name = name;
    this.#iterator = source.iterate();
    void this.#run(socket, stream, send, { ...address(id, stream.call), p: name });
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    // A generator that waits for its next value ends when that comes; nobody waits for it here.
    void this.#iterator.return?.()?.catch(() => undefined);
  }

  async #run(
    socket: WebSocketLike,
    stream: MethodStream<unknown>,
    send: (type: string, data: JsonObject) => void,
    to: JsonObject,
  ): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#iterator.next();
        if (this.#stopped) return;
        if (done) break;
        send("msm", { ...to, o: value });
        while (socket.bufferedAmount > SEND_BUFFER && !this.#stopped) {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
      this.#stopped = true;
      send("cmsc", { ...to, cr: "done" });
    } catch (error) {
      if (this.#stopped) return;
      this.#stopped = true;
      stream.inputFailed(error);
      if (error instanceof ModelException) {
        const { __className__: className } = error.toJSON() as JsonObject;
        send("msse", { ...to, ex: { className: className ?? null, data: error.toJSON() } });
      }
      send("cmsc", { ...to, cr: "error" });
    }
  }
}

interface Host {
  timeout: number;
  start(stream: MethodStream<never>, deadline: number): void;
  forget(id: string): void;
}

/**
 * What a method yields, for `for await`. Leaving the loop ends the method on the server, as does `return()`,
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
      throw new ClientError(`${methodName(call)} takes streams, which can not be sent again: leave reconnect out`);
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

  /** End the stream, also while a value is waited for. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#values.length = 0;
    this.#finish(undefined, true);
    this.#error = undefined;
    return Promise.resolve(END);
  }

  get ended(): boolean {
    return this.#state === "ended";
  }

  /** What follows is for the connection. */
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

  /** The socket broke. A stream not yet accepted starts over; so does one that reconnects. */
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

function address(id: string, call: StreamCall<unknown>): JsonObject {
  return { en: call.endpoint, m: call.method, cid: id };
}

function methodName(call: StreamCall<unknown>): string {
  return `${call.endpoint}.${call.method}`;
}

function frame(type: string, data?: JsonObject): string {
  return JSON.stringify(data ? { type, data } : { type });
}
