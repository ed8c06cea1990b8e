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

const FIRST_PAUSE = 250; // ms between attempts to connect; doubles
const LONGEST_PAUSE = 30_000; // ms

export interface StreamerOptions {
  url: string;
  auth: Auth;
  /** Milliseconds to open a stream, attempts to connect included. */
  timeout: number;
  webSocket: () => Promise<WebSocketType>;
}

/** The opener of streams and owner of their socket. */
export class Streamer {
  readonly #options: StreamerOptions;
  readonly #streams = new Map<string, MethodStream<unknown>>();
  #connection: Promise<Socket> | null = null;

  constructor(options: StreamerOptions) {
    this.#options = options;
  }

  /** The stream of a method's values. It opens when the first value is requested. */
  open<T>(call: StreamCall<T>, options: StreamOptions = {}): MethodStream<T> {
    return new MethodStream(call, options, {
      timeout: (options.timeout ?? this.#options.timeout) || Infinity,
      start: (stream, deadline) => void this.#start(stream as MethodStream<unknown>, deadline),
      forget: (id) => this.#forget(id),
    });
  }

  /** Run a method that takes streams and returns one value. */
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
        if (!stream.call.unauthenticated) await this.#options.auth.freshen();
      } catch (error) {
        return stream.fail(error);
      }
      if (stream.ended) return;
      try {
        const connection = await this.#connect(deadline);
        if (!stream.ended) connection.begin(id, stream);
        return;
      } catch (error) {
        // The attempt may have been another stream's, with a shorter timeout.
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

  #connect(deadline: number): Promise<Socket> {
    if (this.#connection) return this.#connection;
    const attempt = this.#connectWithPauses(deadline);
    this.#connection = attempt;
    attempt.catch(() => {
      if (this.#connection === attempt) this.#connection = null;
    });
    return attempt;
  }

  async #connectWithPauses(deadline: number): Promise<Socket> {
    const { url, auth, webSocket } = this.#options;
    const type = await webSocket();
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        const limit = Math.min(Math.max(deadline - Date.now(), 1), SILENCE_LIMIT);
        return await Socket.open(new type(url), limit, this.#streams, auth, () => {
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
