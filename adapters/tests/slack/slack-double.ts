import type { IncomingMessage, ServerResponse } from "node:http";
import type { Behaviour, PlatformDouble } from "../../fixtures/adapter-fixture.ts";
import { readBody, startHttp } from "../loopback.ts";
import { createActs } from "./acts.ts";
import { createApi, Refusal } from "./api.ts";
import { startLines } from "./lines.ts";
import { allScopes, type Channel, createWorld, newChannel, workspace } from "./workspace.ts";

/** How the double treats the next call, beside what every platform's double can: `drop` loses the call before anything is done. */
export type Fault = Behaviour | { kind: "drop" } | { kind: "hang" };

/** A Slack workspace on 127.0.0.1. What Slack would have refused of our calls is a defect of ours: `close` throws for it. */
export const startSlackDouble = async () => {
	const received: PlatformDouble["received"] = [];
	const world = createWorld();
	const lines = await startLines();
	const api = createApi(world, lines.newUrl);
	let standing: Fault = { kind: "accept" };
	const queued: Fault[] = [];

	const respond = (response: ServerResponse, result: Record<string, unknown>, headers: Record<string, string> = {}) =>
		response
			.writeHead(200, { "content-type": "application/json; charset=utf-8", "x-oauth-scopes": [...world.granted].join(","), ...headers })
			.end(JSON.stringify(result));

	const serve = (request: IncomingMessage, body: Buffer, response: ServerResponse) => {
		const fault = queued.shift() ?? standing;
		if (fault.kind === "drop") return request.socket.resetAndDestroy();
		if (fault.kind === "status") return response.writeHead(fault.status, fault.headers).end(fault.body);
		let result: Record<string, unknown>;
		try {
			const form = new URLSearchParams(body.toString());
			result = { ok: true, ...api.answer((request.url ?? "").replace("/api/", ""), form, request.headers.authorization) };
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			result = { ok: false, error: error.code, ...error.details };
		}
		if (fault.kind === "cut") return request.socket.resetAndDestroy();
		if (fault.kind === "hang") return;
		return respond(response, fault.body === undefined ? result : { ...result, echo: fault.body }, fault.headers);
	};

	const server = await startHttp(async (request, response) => {
		const body = await readBody(request);
		received.push({ headers: request.headers as Record<string, string>, body });
		serve(request, body, response);
	});

	return {
		url: `${server.url}/api/`,
		received,
		calls: api.calls,
		defects: api.defects,
		views: world.views,
		whispers: world.whispers,
		lines,
		addChannel: (id: string, state: Partial<Channel> = {}) => void world.channels.set(id, newChannel(id, state)),
		messages: (id = workspace.channel) => world.channels.get(id)?.messages ?? [],
		grant: (scopes = allScopes) => {
			world.granted.clear();
			for (const scope of scopes) world.granted.add(scope);
		},
		revoke: (token: string) => void world.revoked.add(token),
		/** Everybody who pressed waited too long. */
		letTriggersExpire: () => {
			for (const trigger of world.triggers.keys()) world.triggers.set(trigger, 0);
		},
		behave: (fault: Fault) => {
			standing = fault;
		},
		/** For the next calls, one each; after them it behaves as before. */
		next: (...faults: Fault[]) => void queued.push(...faults),
		...createActs(world),
		async close() {
			await Promise.all([server.close(), lines.close()]);
			if (api.defects.length > 0) throw new Error(`Slack would have refused: ${api.defects.join(" | ")}`);
		},
	};
};

export type SlackDouble = Awaited<ReturnType<typeof startSlackDouble>>;
