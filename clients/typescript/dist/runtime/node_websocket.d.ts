/**
 * A WebSocket for Node 20, which has none: RFC 6455 over Node's http module, client side only, text only,
 * no extensions. Loaded only if `globalThis.WebSocket` is missing; pass `webSocket` to the client to use another.
 */
import type { WebSocketLike, WebSocketType } from "./streams.js";
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
export declare function nodeWebSocket(): Promise<WebSocketType>;
/** One frame, masked as required of clients (RFC 6455 section 5.3). */
/** Splits received bytes into frames, and joins messages of several frames. */
declare class FrameReader {
  #private;
  constructor(deliver: (opcode: number, payload: Uint8Array) => void);
  read(chunk: Uint8Array): void;
  /** Return up to that many bytes from the front without removing them. */
}
export {};
