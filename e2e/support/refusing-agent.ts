import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type RefusingAgent = { url: string; letIn(): void; close(): Promise<void> };

/** An agent that says 401 to everything until it lets callers in; then it answers at once. */
export const startRefusingAgent = async (): Promise<RefusingAgent> => {
	let open = false;
	const server = createServer((request, response) => {
		request.resume();
		response
			.writeHead(open ? 200 : 401, { "content-type": "application/json" })
			.end(JSON.stringify(open ? { type: "answer", text: "Come in." } : { error: "Who are you?" }));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		letIn: () => {
			open = true;
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
