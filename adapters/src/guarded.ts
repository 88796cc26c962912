/** What dials out. Apart from the rest, since its HTTP client takes memory that a process which never dials can do without. */
export { createGuardedConnect } from "./guarded-connect.ts";
export { createGuardedFetch, type GuardedFetchClient } from "./guarded-fetch.ts";
