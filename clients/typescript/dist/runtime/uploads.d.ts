/** Upload of a file to the place that the server reserved for it. */
import { type CallOptions, send } from "./calls.js";
import { ClientError, HttpError } from "./errors.js";
interface Binary {
  type: "binary";
  url: string;
  method?: "PUT" | "POST";
  headers?: Record<string, string>;
}
interface Multipart {
  type: "multipart";
  url: string;
  field: string;
  "file-name": string;
  "request-fields"?: Record<string, string>;
}
/**
 * Upload a file.
 *
 * description  the server's text for this upload
 * data         the file's bytes
 *
 * Raises HttpError if the storage refuses, NetworkError if it is not reachable.
 */
export declare function upload(description: string, data: Blob | Uint8Array, options?: CallOptions & { fetch?: typeof fetch }): Promise<void>;
export {};
