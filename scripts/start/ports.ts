import { createServer } from "node:net";
import { codeOf, messageOf, StartError } from "./start-error.ts";

const tryPort = (port: number, host: string) =>
	new Promise<number>((resolve, reject) => {
		const server = createServer();
		server.once("error", reject);
		server.listen({ port, host, exclusive: true }, () => {
			const address = server.address();
			server.close(() => resolve(typeof address === "object" && address ? address.port : port));
		});
	});

/** `preferred`, or any free port of 127.0.0.1 if that one is taken or none is named. */
export const freePort = (preferred = 0): Promise<number> => tryPort(preferred, "127.0.0.1").catch(() => tryPort(0, "127.0.0.1"));

/** Throws, with the way out, when nothing can listen there. */
export const assertPortFree = async (port: number, host: string): Promise<void> => {
	try {
		await tryPort(port, host);
	} catch (error) {
		const code = codeOf(error);
		if (code === "EADDRINUSE")
			throw new StartError(`Port ${port} is taken by another program. Choose another one: npm start -- --port ${port + 1}`);
		if (code === "EACCES")
			throw new StartError(`This user may not listen on port ${port}. Choose one above 1023: npm start -- --port 3000`);
		throw new StartError(`Cannot listen on ${host}:${port} (${messageOf(error)}). Set HOST to an address of this machine.`);
	}
};
