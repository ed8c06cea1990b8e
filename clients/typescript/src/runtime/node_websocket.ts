/**
 * A WebSocket for Node 20, which has none: RFC 6455 over Node's http module, client side only, text only,
 * no extensions. Loaded only if `globalThis.WebSocket` is missing; pass `webSocket` to the client to use another.
 */

import type { WebSocketLike, WebSocketType } from "./streams.js";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3
const MAX_MESSAGE = 64 << 20; // bytes
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** The parts of Node that are used, so that this file compiles without Node's types, also for browsers. */
interface Socket {
  readonly writableLength: number;
  on(event: "data", listener: (chunk: Uint8Array) => void): void;
  on(event: "close", listener: () => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  write(data: Uint8Array): void;
  end(): void;
  destroy(): void;
  setNoDelay(on: boolean): void;
}
interface Response {
  readonly statusCode?: number;
  readonly headers: Record<string, string | undefined>;
  resume(): void;
}
interface Request {
  on(event: "upgrade", listener: (response: Response, socket: Socket, head: Uint8Array) => void): void;
  on(event: "response", listener: (response: Response) => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  end(): void;
  destroy(): void;
}
interface Http {
  request(url: string, options: { headers: Record<string, string> }): Request;
}
interface Crypto {
  createHash(name: string): { update(text: string): { digest(form: "base64"): string } };
}

/** The WebSocket class, with Node's modules loaded. Bundlers ignore these imports. */
export async function nodeWebSocket(): Promise<WebSocketType> {
  const load = (name: string): Promise<unknown> => import(/* webpackIgnore: true */ /* @vite-ignore */ name);
  const http = (await load("node:http")) as Http;
  const https = (await load("node:https")) as Http;
  const { createHash } = (await load("node:crypto")) as Crypto;

  return class NodeWebSocket implements WebSocketLike {
    onopen: WebSocketLike["onopen"] = null;
    onmessage: WebSocketLike["onmessage"] = null;
    onerror: WebSocketLike["onerror"] = null;
    onclose: WebSocketLike["onclose"] = null;
    readonly #request: Request;
    #socket: Socket | null = null;
    #closed = false;

    constructor(url: string) {
      const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
      const accept = createHash("sha1").update(key + GUID).digest("base64");
      const headers = {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
      };
      const run = url.startsWith("wss:") ? https : http;
      this.#request = run.request(url.replace(/^ws/, "http"), { headers });
      this.#request.on("error", (error) => this.#fail(error));
      this.#request.on("response", (response) => {
        response.resume();
        this.#fail(new Error(`The server answered ${response.statusCode ?? "nothing"} instead of a WebSocket`));
      });
      this.#request.on("upgrade", (response, socket, head) => {
        if (response.headers["sec-websocket-accept"] !== accept) {
          socket.destroy();
          return this.#fail(new Error("The server's answer is not a WebSocket handshake"));
        }
        this.#start(socket, head);
      });
      this.#request.end();
    }

    get bufferedAmount(): number {
      return this.#socket?.writableLength ?? 0;
    }

    send(text: string): void {
      this.#write(TEXT, new TextEncoder().encode(text));
    }

    close(): void {
      if (!this.#socket) {
        this.#request.destroy();
        return this.#end(1006);
      }
      this.#write(CLOSE, new Uint8Array([1000 >> 8, 1000 & 255]));
      this.#socket.end();
      this.#end(1000);
    }

    #start(socket: Socket, head: Uint8Array): void {
      if (this.#closed) return socket.destroy();
      this.#socket = socket;
      socket.setNoDelay(true);
      const reader = new FrameReader((opcode, payload) => this.#receive(opcode, payload));
      const read = (chunk: Uint8Array) => {
        try {
          reader.read(chunk);
        } catch (error) {
          socket.destroy();
          this.#fail(error);
        }
      };
      socket.on("data", read);
      socket.on("error", (error) => this.#fail(error));
      socket.on("close", () => this.#end(1006));
      this.onopen?.({} as never);
      if (head.length) read(head);
    }

    #receive(opcode: number, payload: Uint8Array): void {
      if (opcode === CLOSE) {
        const code = payload.length >= 2 ? ((payload[0] ?? 0) << 8) | (payload[1] ?? 0) : 1005;
        this.#write(CLOSE, payload.subarray(0, 2));
        this.#socket?.end();
        this.#end(code);
      } else if (opcode === PING) {
        this.#write(PONG, payload);
      } else if (opcode !== PONG) {
        this.onmessage?.({ data: new TextDecoder().decode(payload) } as never);
      }
    }

    #write(opcode: number, payload: Uint8Array): void {
      if (!this.#closed) this.#socket?.write(maskedFrame(opcode, payload));
    }

    #fail(error: unknown): void {
      if (this.#closed) return;
      this.onerror?.({ error } as never);
      this.#end(1006);
    }

    #end(code: number): void {
      if (this.#closed) return;
      this.#closed = true;
      this.onclose?.({ code } as never);
    }
  };
}

/** One frame, masked as required of clients (RFC 6455 section 5.3). */
function maskedFrame(opcode: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const extra = length < 126 ? 0 : length < 1 << 16 ? 2 : 8;
  const frame = new Uint8Array(6 + extra + length);
  const view = new DataView(frame.buffer);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (extra === 0 ? length : extra === 2 ? 126 : 127);
  if (extra === 2) view.setUint16(2, length);
  if (extra === 8) view.setBigUint64(2, BigInt(length));
  const mask = crypto.getRandomValues(new Uint8Array(4));
  frame.set(mask, 2 + extra);
  for (let index = 0; index < length; index++) {
    frame[6 + extra + index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
  }
  return frame;
}

/** Splits received bytes into frames, and joins messages of several frames. */
class FrameReader {
  #chunks: Uint8Array[] = [];
  #size = 0;
  #opcode = 0;
  #parts: Uint8Array[] = [];
  readonly #deliver: (opcode: number, payload: Uint8Array) => void;

  constructor(deliver: (opcode: number, payload: Uint8Array) => void) {
    this.#deliver = deliver;
  }

  read(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#readFrame());
  }

  #readFrame(): boolean {
    const start = this.#peek(10);
    if (start.length < 2) return false;
    const short = (start[1] ?? 0) & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (start.length < header) return false;
    const view = new DataView(start.buffer, start.byteOffset);
    const length = short < 126 ? short : short === 126 ? view.getUint16(2) : Number(view.getBigUint64(2));
    if (((start[1] ?? 0) & 0x80) !== 0) throw new Error("The server sent a masked frame");
    if (length > MAX_MESSAGE) throw new Error(`The server sent more than ${MAX_MESSAGE} bytes at once`);
    if (this.#size < header + length) return false;
    const first = start[0] ?? 0;
    const payload = this.#take(header + length).subarray(header);
    this.#assemble(first & 0x0f, (first & 0x80) !== 0, payload);
    return true;
  }

  #assemble(opcode: number, last: boolean, payload: Uint8Array): void {
    if (opcode >= 8) return this.#deliver(opcode, payload);
    if (opcode !== 0) this.#opcode = opcode;
    this.#parts.push(payload);
    if (this.#parts.reduce((sum, part) => sum + part.length, 0) > MAX_MESSAGE) {
      throw new Error(`The server sent more than ${MAX_MESSAGE} bytes at once`);
    }
    if (!last) return;
    this.#deliver(this.#opcode, join(this.#parts.splice(0)));
  }

  /** Return up to that many bytes from the front without removing them. */
  #peek(count: number): Uint8Array {
    const [first] = this.#chunks;
    if (first && first.length < count && this.#chunks.length > 1) this.#chunks = [join(this.#chunks)];
    return (this.#chunks[0] ?? new Uint8Array()).subarray(0, count);
  }

  #take(count: number): Uint8Array {
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Uint8Array) : join(this.#chunks);
    this.#chunks = count < all.length ? [all.subarray(count)] : [];
    this.#size -= count;
    return all.subarray(0, count);
  }
}

function join(parts: Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
