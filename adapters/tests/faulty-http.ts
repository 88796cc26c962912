import type { IncomingMessage, ServerResponse } from "node:http";
import type { Behaviour, PlatformDouble } from "../fixtures/adapter-fixture.ts";
import { readBody, startHttp } from "./loopback.ts";

/** How the next call is treated, beside what every platform's double can: `drop` loses the call before anything is done. */
export type Fault = Behaviour | { kind: "drop" } | { kind: "hang" };

/** `body`: JSON, if any. */
export type Answer = { status: number; headers?: Record<string, string>; body?: unknown };

const json = { "content-type": "application/json; charset=utf-8" };

/** An HTTP server on 127.0.0.1 that answers as a platform would, and misbehaves on command. */
export const startFaultyHttp = async (answer: (request: IncomingMessage, body: Buffer) => Answer) => {
	const received: PlatformDouble["received"] = [];
	let standing: Fault = { kind: "accept" };
	const queued: Fault[] = [];

	const serve = (request: IncomingMessage, sent: Buffer, response: ServerResponse) => {
		const fault = queued.shift() ?? standing;
		if (fault.kind === "drop") return request.socket.resetAndDestroy();
		if (fault.kind === "status") return response.writeHead(fault.status, { ...json, ...fault.headers }).end(fault.body);
		const { status, headers, body } = answer(request, sent);
		if (fault.kind === "cut") return request.socket.resetAndDestroy();
		if (fault.kind === "hang") return;
		if (body === undefined) return response.writeHead(status, headers).end();
		const shown = fault.body === undefined ? body : { ...body, echo: fault.body };
		return response.writeHead(status, { ...json, ...headers, ...fault.headers }).end(JSON.stringify(shown));
	};
	const server = await startHttp(async (request, response) => {
		const body = await readBody(request);
		received.push({ headers: request.headers as Record<string, string>, body });
		serve(request, body, response);
	});

	return {
		...server,
		received,
		behave: (fault: Fault) => {
			standing = fault;
		},
		/** For the next calls, one each; after them it behaves as before. */
		next: (...faults: Fault[]) => void queued.push(...faults),
	};
};
