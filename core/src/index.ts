export { authorize, requireUser, roleOf } from "./authorize.ts";
export { type Actor, actorName, type Context, inTransaction, type ProjectContext, type Tx } from "./context.ts";
export { emit } from "./emit.ts";
export * from "./errors.ts";
export { withIdempotency } from "./idempotency.ts";
export { createKeys, type Keys } from "./keys.ts";
export { parseIfMatch } from "./version.ts";
