/** One call: a POST with the arguments as JSON. */


import { HttpError, NetworkError, TimeoutError, WireError } from "./errors.js";
import { decodeException } from "./models.js";
import {   at } from "./wire.js";

/** The options of a call besides the arguments. */


/** An argument with its type. One that is undefined is not sent, so that the server's default applies. */


export function argument(codec, value) {
  return { encode: () => (value === undefined ? undefined : codec.encode(value)) };
}





/** The arguments of a call as JSON text. */
export function encodeArguments(call) {
  const encoded = {};
  for (const [name, value] of Object.entries(call.arguments)) {
    const json = at(`${call.endpoint}.${call.method}(${name})`, () => value.encode());
    if (json !== undefined) encoded[name] = json;
  }
  return JSON.stringify(encoded);
}

export class Caller {
  #options;

  constructor(options) {
    this.#options = options;
  }

  /** Call a method. After a 401 the token is refreshed once, if possible, and the call repeated. */
  async call(call, given = {}) {
    const body = encodeArguments(call);
    const { auth } = this.#options;
    const options = { timeout: this.#options.timeout, ...given };
    if (!call.unauthenticated) await patiently(auth.freshen(), options);
    const token = auth.token;
    let response = await this.#post(call, body, options);
    if (response.status === 401 && !call.unauthenticated && (await patiently(auth.renew(token), options))) {
      response = await this.#post(call, body, options);
    }
    if (response.status !== 200) throw failure(response);
    return at(`${call.endpoint}.${call.method}`, () => call.returns.decode(parse(response.text)));
  }

  async #post(call, body, options) {
    const { auth, host, headers } = this.#options;
    const authorization = call.unauthenticated ? null : auth.header;
    const request = {
      method: "POST",
      body,
      headers: {
        ...headers,
        "Content-Type": "application/json; charset=utf-8",
        ...(authorization === null ? {} : { Authorization: authorization }),
      },
    };
    return send(this.#options.fetch, `${host}${call.endpoint}/${call.method}`, request, options);
  }
}



/** Send a request and read its whole answer. Raises NetworkError, TimeoutError, or the reason of the signal. */
export async function send(
  run,
  url,
  request,
  { signal, timeout = 0 },
) {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const giveUp = () => controller.abort(signal?.reason);
  signal?.addEventListener("abort", giveUp, { once: true });
  const late = new TimeoutError(`No answer from ${url} within ${timeout} ms`);
  const timer = timeout > 0 ? setTimeout(() => controller.abort(late), timeout) : undefined;
  try {
    const response = await run(url, { ...request, signal: controller.signal });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason;
    throw new NetworkError(`Could not reach ${url}`, { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
}

/** Wait for a new token, at most as long as for an answer. */
function patiently(renewed, { signal, timeout = 0 }) {
  return new Promise((resolve, reject) => {
    const late = new TimeoutError(`No new token within ${timeout} ms`);
    const timer = timeout > 0 ? setTimeout(() => reject(late), timeout) : undefined;
    const giveUp = () => reject(signal?.reason);
    if (signal?.aborted) giveUp();
    signal?.addEventListener("abort", giveUp, { once: true });
    renewed.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
    });
  });
}

function failure({ status, text }) {
  if (status === 400 && text.startsWith("{")) {
    try {
      const exception = decodeException(JSON.parse(text));
      if (exception) return exception;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return HttpError.of(status, text);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new WireError(`the answer is not JSON: ${text.slice(0, 80)}`);
  }
}
