/** Upload of a file to the place that the server reserved for it. */

import {  send } from "./calls.js";
import { ClientError, HttpError } from "./errors.js";





/**
 * Upload a file.
 *
 * description  the server's text for this upload
 * data         the file's bytes
 *
 * Raises HttpError if the storage refuses, NetworkError if it is not reachable.
 */
export async function upload(
  description,
  data,
  options = {},
) {
  const { fetch: run = fetch, ...rest } = options;
  const target = read(description);
  const { status, text } = await send(run, target.url, request(target, data), rest);
  if (status === 204 || (status === 200 && target.type === "binary")) return;
  throw new HttpError(status, text, "The storage refused the upload");
}

function read(description) {
  let parsed;
  try {
    parsed = JSON.parse(description);
  } catch {
    throw new ClientError("The upload description is not JSON; pass it as the server gave it");
  }
  const { type, url } = (parsed ?? {});
  if ((type !== "binary" && type !== "multipart") || typeof url !== "string") {
    throw new ClientError('The upload description needs a "url" and the "type" binary or multipart');
  }
  return parsed;
}

function request(target, data) {
  if (target.type === "binary") {
    const headers = { "Content-Type": "application/octet-stream", Accept: "*/*", ...target.headers };
    return { method: target.method ?? "POST", headers, body: data };
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(target["request-fields"] ?? {})) form.append(name, value);
  form.append(target.field, data instanceof Blob ? data : new Blob([data]), target["file-name"]);
  return { method: "POST", body: form };
}
