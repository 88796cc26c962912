/** Hatchet takes up to 1000 events and 4 MiB in one call; half of that leaves room and keeps a call short. */
export const maxPerCall = 500;
export const maxBytesPerCall = 3_000_000;

/** How long a wake id is remembered; later repeats run again and find their claim taken. */
export const idempotencyMs = 3_600_000;

/** How long a run waits for a worker before Hatchet drops it without a word; the default is 5 minutes. */
export const scheduleTimeout = "72h";

// Hatchet notices a killed worker after 30 s. A run whose limit ends before that fails for good instead of running again.
const noticeMs = 60_000;

/** Hatchet's own limit is a backstop behind ours, which also ends runs that ignore their signal. */
export const executionTimeout = (timeoutMs: number) => `${Math.ceil((timeoutMs + noticeMs) / 1_000)}s` as const;
