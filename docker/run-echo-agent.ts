// biome-ignore-all lint/style/noProcessEnv: the example is configured by its environment
// biome-ignore-all lint/suspicious/noConsole: a container's log
// The example agent in a container: its secret comes from a file, and it is reached from outside of its loopback.
import { existsSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";

const insidePort = 4100;
const outsidePort = 4101;

const file = "/demo/echo-agent.json";
if (!existsSync(file)) {
	console.log("There is no demo, so there is nobody to echo.");
	process.exit(0);
}
const { signing_secret } = JSON.parse(readFileSync(file, "utf8")) as { signing_secret: string };
process.env.PORT = String(insidePort);
process.env.SIGNING_SECRET = signing_secret;

for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));

createServer((caller) => {
	const agent = connect(insidePort, "127.0.0.1");
	caller.on("error", () => agent.destroy()).pipe(agent);
	agent.on("error", () => caller.destroy()).pipe(caller);
}).listen(outsidePort, "0.0.0.0");

await import("../examples/echo-agent/echo-agent.ts");
