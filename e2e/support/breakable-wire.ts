import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

export type BreakableWire = { port: number; cut(): void; mend(): void; close(): Promise<void> };

/** A TCP connection to `port` that can be cut and mended, so that a server is away without being touched. */
export const openWire = async (port: number): Promise<BreakableWire> => {
	const sockets = new Set<Socket>();
	let isCut = false;
	const server = createServer((near) => {
		if (isCut) return near.destroy();
		const far = connect(port, "127.0.0.1");
		for (const [socket, other] of [
			[near, far],
			[far, near],
		] as const) {
			sockets.add(socket);
			socket.on("error", () => other.destroy());
			socket.on("close", () => {
				sockets.delete(socket);
				other.destroy();
			});
			socket.pipe(other);
		}
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const cut = () => {
		isCut = true;
		for (const socket of sockets) socket.destroy();
	};
	return {
		port: (server.address() as AddressInfo).port,
		cut,
		mend: () => {
			isCut = false;
		},
		close: async () => {
			cut();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
