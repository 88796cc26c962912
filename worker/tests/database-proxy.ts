import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A way to the database that a test can cut, as if PostgreSQL were gone; closed when the test ends. */
export const startDatabaseProxy = async (databaseUrl: string) => {
	const target = new URL(databaseUrl);
	const sockets = new Set<Socket>();
	const listen = (port: number) =>
		new Promise<Server>((resolve) => {
			const server = createServer((inner) => {
				const outer = connect(Number(target.port), target.hostname);
				for (const [socket, other] of [
					[inner, outer],
					[outer, inner],
				] as const) {
					sockets.add(socket);
					socket.on("error", () => other.destroy());
					socket.on("close", () => {
						sockets.delete(socket);
						other.destroy();
					});
				}
				inner.pipe(outer);
				outer.pipe(inner);
			});
			server.listen(port, "127.0.0.1", () => resolve(server));
		});
	let server = await listen(0);
	const { port } = server.address() as AddressInfo;
	const cut = async () => {
		const closed = new Promise((resolve) => server.close(resolve));
		for (const socket of sockets) socket.destroy();
		await closed;
	};
	onTestFinished(cut);
	const url = Object.assign(new URL(databaseUrl), { port: String(port) }).href;
	return {
		url,
		cut,
		restore: async () => {
			server = await listen(port);
		},
	};
};
