/** The parts of the runtime that an application uses. */
export { Auth, type AuthOptions, type SignIn, type Storage, type Tokens } from "./auth.js";
export type { CallOptions } from "./calls.js";
export { BaseClient, type ClientOptions } from "./client.js";
export * from "./errors.js";
export { Model, ModelException } from "./models.js";
export { MethodStream, type Source, type StreamOptions, type WebSocketLike, type WebSocketType } from "./streams.js";
export { upload } from "./uploads.js";
export { type FieldFault, FieldValidation } from "./validation.js";
export type { Duration, Json, UuidValue, Uri } from "./wire.js";
export {};
