import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export type BreakableWire = {
	/** The target's address, by way of the wire. */
	url: string;
	/** Connections break, and new ones get nowhere. */
	cut(): void;
	/** Connections stay, and break with the next thing that is said on them; new ones get nowhere. */
	cutOnNextWord(): void;
	mend(): void;
	close(): Promise<void>;
};

/** A way to a server that can be cut and mended, so that it is away without being touched. */
export const openWire = async (target: string): Promise<BreakableWire> => {
	const { hostname, port } = new URL(target);
	const sockets = new Set<Socket>();
	let state: "whole" | "brittle" | "cut" = "whole";
	const breakAll = () => {
		for (const socket of sockets) socket.destroy();
	};
	const server = createServer((near) => {
		if (state !== "whole") return near.destroy();
		const far = connect(Number(port), hostname);
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
		}
		near.on("data", () => {
			if (state === "brittle") breakAll();
		});
		near.pipe(far);
		far.pipe(near);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const here = new URL(target);
	here.hostname = "127.0.0.1";
	here.port = String((server.address() as AddressInfo).port);
	return {
		url: here.href,
		cut: () => {
			state = "cut";
			breakAll();
		},
		cutOnNextWord: () => {
			state = "brittle";
		},
		mend: () => {
			state = "whole";
		},
		close: async () => {
			breakAll();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
