import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";

export type Loopback = { url: string; port: number; close(): Promise<void> };

const start = async (server: Server, scheme = "http"): Promise<Loopback> => {
	const sockets = new Set<Socket>();
	server.on("connection", (socket: Socket) => {
		sockets.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => sockets.delete(socket));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return {
		url: `${scheme}://127.0.0.1:${port}`,
		port,
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((done) => server.close(() => done()));
		},
	};
};

/** An HTTP server on 127.0.0.1 for as long as `use` runs. */
export const withHttp = async (listener: RequestListener, use: (server: Loopback) => Promise<void>): Promise<void> => {
	const server = await start(createHttpServer(listener));
	await use(server).finally(() => server.close());
};

export const withHttps = async (
	options: Pick<ServerOptions, "key" | "cert">,
	listener: RequestListener,
	use: (server: Loopback) => Promise<void>,
): Promise<void> => {
	const server = await start(createHttpsServer(options, listener), "https");
	await use(server).finally(() => server.close());
};

/** A bare TCP server, for peers that don't speak HTTP properly. */
export const withTcp = async (onSocket: (socket: Socket) => void, use: (server: Loopback) => Promise<void>): Promise<void> => {
	const server = await start(createTcpServer(onSocket));
	await use(server).finally(() => server.close());
};

export const startHttp = (listener: RequestListener): Promise<Loopback> => start(createHttpServer(listener));

export const readBody = async (request: AsyncIterable<Buffer>): Promise<Buffer> => {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk);
	return Buffer.concat(chunks);
};
