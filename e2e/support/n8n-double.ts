import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type Received = { id: string; type: string; project_id: string; data: Record<string, string> };

/**
 * An n8n Webhook node as its source has it: header auth, 404 while the workflow is inactive, 403 for a wrong header, and else 200 at once,
 * whatever the workflow comes to afterwards.
 */
export const startN8n = async (authorization: string, workflow: (event: Received) => Promise<void>) => {
	const state = { active: false };
	const answered: number[] = [];
	const runs: Promise<void>[] = [];
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk);
		const [status, body] = !state.active
			? [404, { code: 404, message: "The requested webhook is not registered.", hint: "Activate the workflow." }]
			: request.headers.authorization !== authorization
				? [403, "Authorization data is wrong!"]
				: [200, { message: "Workflow was started" }];
		answered.push(status);
		response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
		if (status === 200) runs.push(workflow(JSON.parse(Buffer.concat(chunks).toString())));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/5f0c`,
		answered,
		activate: () => {
			state.active = true;
		},
		close: async () => {
			await Promise.all(runs);
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
