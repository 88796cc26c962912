export { loadConfig } from "./config.ts";
export { createLogger } from "./logger.ts";
export { type RunningWorker, startWorker } from "./start-worker.ts";
