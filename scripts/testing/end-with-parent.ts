// Preloaded into the processes that tests start: they end when whoever started them is gone, also by `kill -9`.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
// Listening alone would keep alive a process that has nothing left to do.
process.channel?.unref();
