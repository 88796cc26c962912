import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export type Message = {
	headers: IncomingHttpHeaders;
	type: string;
	data: { question: string; reply_url: string; reply_token: string; text?: string };
};
export type Answer = { status: number; body?: object };

export type ScriptedAgent = { url: string; messages: Message[]; close(): Promise<void> };

/** An agent that answers each message as the script says. */
export const startScriptedAgent = async (answer: (message: Message, number: number) => Answer): Promise<ScriptedAgent> => {
	const messages: Message[] = [];
	const server = createServer((request, response) => {
		const receive = async () => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk);
			const message = { headers: request.headers, ...JSON.parse(Buffer.concat(chunks).toString()) } as Message;
			messages.push(message);
			const { status, body = {} } = answer(message, messages.length);
			response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
		};
		receive().catch(() => response.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		messages,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
