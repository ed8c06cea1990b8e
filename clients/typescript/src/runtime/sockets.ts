/** One open WebSocket: its frames, its keep-alive, and the input streams that go out over it. */

import type { Auth } from "./auth.js";
import { ConnectionLostError, StreamRefusedError, type RefusalReason, TimeoutError } from "./errors.js";
import { ModelException, uuid4 } from "./models.js";
import { type Input, type MethodStream, type StreamCall, type WebSocketLike, methodName } from "./streams.js";
import { type Json, type JsonObject, object } from "./wire.js";

const PING_INTERVAL = 20_000; // ms
export const SILENCE_LIMIT = 40_000; // ms without a frame until the socket counts as dead
const SEND_BUFFER = 1 << 20; // bytes waiting in the socket, above which input streams pause

/** One open socket: reader and writer of frames. */
export class Socket {
  readonly #socket: WebSocketLike;
  readonly #streams: Map<string, MethodStream<unknown>>;
  readonly #auth: Auth;
  readonly #refreshed = new Set<MethodStream<unknown>>();
  readonly #tokens = new Map<string, string | null>();
  readonly #pumps = new Map<string, Pump[]>();
  readonly #ids = new Set<string>();
  readonly #timer: ReturnType<typeof setInterval>;
  #heardAt = Date.now();

  /** Wait for the first frame; only then is the socket connected. Rejects without one. */
  static open(
    socket: WebSocketLike,
    limit: number,
    streams: Map<string, MethodStream<unknown>>,
    auth: Auth,
    onLost: () => void,
  ): Promise<Socket> {
    return new Promise((resolve, reject) => {
      let connection: Socket | null = null;
      const timer = setTimeout(() => lost(new TimeoutError(`The socket did not open within ${limit} ms`)), limit);
      const lost = (cause: unknown) => {
        clearTimeout(timer);
        socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null;
        socket.onerror = () => undefined; // closing a socket while connecting reports an error again
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
          connection = new Socket(socket, streams, auth, lost);
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
    if (type === "brm") return this.#socket.close(); // onclose notifies the streams
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

  /** Close the socket; all streams have ended before. */
  close(): void {
    clearInterval(this.#timer);
    this.#socket.onclose = this.#socket.onmessage = null;
    this.#socket.close();
  }

  /** Handle the loss of the socket: notify its streams. */
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

  /** Reopen a stream once with a new token after a refusal, if there is one. */
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

  /** End a stream on this side; `tell` also notifies the server. */
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
    // A generator that waits for its next value ends when that arrives; do not wait for it here.
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

function address(id: string, call: StreamCall<unknown>): JsonObject {
  return { en: call.endpoint, m: call.method, cid: id };
}

function frame(type: string, data?: JsonObject): string {
  return JSON.stringify(data ? { type, data } : { type });
}
