/** The parts of the runtime that an application uses. */

export { Auth,     } from "./auth.js";

export { BaseClient,  } from "./client.js";
export * from "./errors.js";
export { Model, ModelException } from "./models.js";
export { MethodStream,     } from "./streams.js";
export { upload } from "./uploads.js";
export {  FieldValidation } from "./validation.js";

