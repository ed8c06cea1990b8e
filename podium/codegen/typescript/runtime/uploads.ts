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
export async function upload(
  description: string,
  data: Blob | Uint8Array,
  options: CallOptions & { fetch?: typeof fetch } = {},
): Promise<void> {
  const { fetch: run = fetch, ...rest } = options;
  const target = read(description);
  const { status, text } = await send(run, target.url, request(target, data), rest);
  if (status === 204 || (status === 200 && target.type === "binary")) return;
  throw new HttpError(status, text, "The storage refused the upload");
}

function read(description: string): Binary | Multipart {
  let parsed: unknown;
  try {
    parsed = JSON.parse(description);
  } catch {
    throw new ClientError("The upload description is not JSON; pass it as the server gave it");
  }
  const { type, url } = (parsed ?? {}) as { type?: unknown; url?: unknown };
  if ((type !== "binary" && type !== "multipart") || typeof url !== "string") {
    throw new ClientError('The upload description needs a "url" and the "type" binary or multipart');
  }
  return parsed as Binary | Multipart;
}

function request(target: Binary | Multipart, data: Blob | Uint8Array): RequestInit {
  if (target.type === "binary") {
    const headers = { "Content-Type": "application/octet-stream", Accept: "*/*", ...target.headers };
    return { method: target.method ?? "POST", headers, body: data as BodyInit };
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(target["request-fields"] ?? {})) form.append(name, value);
  form.append(target.field, data instanceof Blob ? data : new Blob([data as BlobPart]), target["file-name"]);
  return { method: "POST", body: form };
}
