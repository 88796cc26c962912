/** Node's arguments for a process that a test starts, with IPC: it ends when the test's own process is gone, also by `kill -9`. */
export const endsWithParent = ["--import", new URL("./end-with-parent.ts", import.meta.url).href];
