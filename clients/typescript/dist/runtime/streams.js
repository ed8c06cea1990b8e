/** Method streams as their readers see them. Their transport is in streamer.ts and sockets.ts. */

import {   encodeArguments } from "./calls.js";
import { ClientError,  StreamClosedError, StreamOverflowError, TimeoutError } from "./errors.js";
import { decodeException, decodeTyped, encodeTyped } from "./models.js";


const MAX_WAITING_VALUES = 10_000; // per stream, not yet taken

/** The options of a stream besides the arguments. */


/** The source of an input stream. */


/** An input stream of a method with the type of its values. */


export function input(codec, source) {
  return {
    async *iterate() {
      for await (const value of source) yield encodeTyped(codec, value);
    },
  };
}



/** The part of a WebSocket that is used here; browsers, Node 22, Deno and Bun have it, `ws` has it too. */




/** The part of a Streamer that its streams use. */


/**
 * The values of a streaming method, for `for await`. Leaving the loop ends the method on the server; `return()` too,
 * at any time.
 */
export class MethodStream  {
  call;
  /** The arguments as JSON, read once. */
  arguments;
  #host;
  #options;
  #values = [];
  #waiting = [];
  #state = "new";
  #error = undefined;
  #inputError = undefined;
  #id = "";
  #detach = null;
  #openTimer;
  #deadline = Infinity;

  constructor(call, options, host) {
    this.call = call;
    this.arguments = encodeArguments(call);
    this.#options = options;
    this.#host = host;
    if (options.reconnect && Object.keys(call.inputs ?? {}).length) {
      throw new ClientError(`${methodName(call)} takes streams, which cannot be sent again: remove reconnect`);
    }
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  next() {
    if (this.#state === "new") this.#start();
    if (this.#values.length) return Promise.resolve({ done: false, value: this.#values.shift() });
    if (this.#state === "ended") {
      const error = this.#error;
      this.#error = undefined;
      return error === undefined ? Promise.resolve(END) : Promise.reject(error);
    }
    const waiting = withResolvers();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** End the stream, even while waiting for a value. */
  return() {
    this.#values.length = 0;
    this.#finish(undefined, true);
    this.#error = undefined;
    return Promise.resolve(END);
  }

  get ended() {
    return this.#state === "ended";
  }

  /** The rest is for the connection. */
  attach(id, detach) {
    this.#id = id;
    this.#detach = detach;
  }

  accepted() {
    clearTimeout(this.#openTimer);
    this.#deadline = Infinity;
    this.#state = "open";
  }

  push(json) {
    if (this.#state !== "open") return;
    try {
      this.#deliver(decodeTyped(this.call.returns, json));
    } catch (error) {
      this.#finish(error, true);
    }
  }

  raise(json) {
    try {
      this.#error = decodeException(json) ?? new StreamClosedError(`${methodName(this.call)} failed`);
    } catch (error) {
      this.#error = error;
    }
  }

  closed(failed) {
    const cause = this.#inputError === undefined ? {} : { cause: this.#inputError };
    const unknown = new StreamClosedError(`The server ended ${methodName(this.call)} with an error`, cause);
    this.#finish(this.#error ?? (failed ? unknown : undefined), false);
  }

  inputFailed(error) {
    this.#inputError = error;
  }

  fail(error) {
    this.#finish(error, false);
  }

  /** Handle a broken socket. A stream not yet accepted starts again; so does one that reconnects. */
  lost(error) {
    this.#detach = null;
    if (this.#state === "opening" || (this.#state === "open" && this.#options.reconnect)) {
      this.#state = "opening";
      this.#host.start(this, this.#deadline);
    } else {
      this.#finish(error, false);
    }
  }

  #start() {
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
    this.#host.start(this, this.#deadline);
  }

  #abort = () => this.#finish(this.#options.signal?.reason, true);

  #deliver(value) {
    const waiting = this.#waiting.shift();
    if (waiting) return waiting.resolve({ done: false, value });
    this.#values.push(value);
    if (this.#values.length <= MAX_WAITING_VALUES) return;
    const message = `More than ${MAX_WAITING_VALUES} values of ${methodName(this.call)} wait to be taken`;
    this.#finish(new StreamOverflowError(message), true);
  }

  #finish(error, tell) {
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

const END = { done: true, value: undefined };



function withResolvers() {
  let resolve;
  let reject;
  const promise = new Promise((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

/** "notes.watchNotes" */
export function methodName(call) {
  return `${call.endpoint}.${call.method}`;
}
