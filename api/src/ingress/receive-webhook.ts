import { adapterById } from "@agentplanner/adapters";
import { AdapterError, type IngressRequest } from "@agentplanner/contracts";
import { findIntegration, InvalidInputError, type LendConnection, NotFoundError, nameAuthors, receiveInbound } from "@agentplanner/core";
import express, { type Request } from "express";
import { z } from "zod";
import { type Middleware, stateOf } from "../http/request-state.ts";
import { withConnection } from "../with-connection.ts";
import type { ForgeryLimiter } from "./forgery-limiter.ts";

const maxBodyBytes = 1024 * 1024;

const callNowMs = 2_000;

const Params = z.object({ adapter: z.string().max(50), integrationId: z.uuid() });

const toIngressRequest = (request: Request): IngressRequest => ({
	method: request.method,
	headers: Object.fromEntries(
		Object.entries(request.headers).flatMap(([name, value]) =>
			value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
		),
	),
	rawBody: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(),
});

const asInvalidInput = (error: unknown): unknown =>
	error instanceof SyntaxError || error instanceof z.ZodError
		? new InvalidInputError("The body is not what this platform sends. Check which address was configured there.", [
				{ field: "body", message: "can't be read" },
			])
		: error;

/**
 * What a platform tells us: verified, read, stored once, and only then answered. All work is the worker's, so a slow workflow
 * never makes a platform send again.
 */
const receive =
	(forgeries: ForgeryLimiter): Middleware =>
	async (request, response) => {
		const state = stateOf(request);
		const params = Params.safeParse(request.params);
		const adapter = params.success ? adapterById(params.data.adapter) : null;
		if (!params.success || !adapter?.verify || !adapter.parse) throw new NotFoundError("address");
		const { integrationId } = params.data;
		await forgeries.refuseMany(integrationId, request.ip ?? "");
		const integration = await findIntegration(state.core, integrationId);
		if (!integration || integration.adapter !== adapter.id) throw new NotFoundError("address");

		const incoming = toIngressRequest(request);
		try {
			adapter.verify(incoming, { settings: integration.settings, secrets: integration.secrets }, state.core.now());
		} catch (error) {
			if (error instanceof AdapterError && error.kind === "unauthorized") await forgeries.count(integrationId, request.ip ?? "");
			throw error;
		}
		const config = { settings: integration.settings, secrets: integration.secrets };
		const { inbound, reply, now } = (() => {
			try {
				return adapter.parse(incoming, config);
			} catch (error) {
				throw asInvalidInput(error);
			}
		})();
		const lend: LendConnection = (use) => withConnection(integration, state.log, use);
		if (inbound.length > 0) {
			const actor = { type: "adapter", adapter: adapter.id, integrationId } as const;
			const ctx = { ...state.core, actor, projectId: integration.projectId };
			const { stored, ignored } = await receiveInbound(ctx, integrationId, inbound);
			if (ignored > 0) state.log.info({ integrationId, ignored }, "said in threads that are under no request");
			if (stored > 0) await nameAuthors(ctx, integrationId, inbound, lend, state.log);
		}
		// Slack waits three seconds; what failed by then it shows to whoever pressed the button, who presses it again.
		if (now) await lend(async (open) => open.callNow?.(now, AbortSignal.timeout(callNowMs)));
		if (reply?.body === null) response.status(reply.status).end();
		else if (reply) response.status(reply.status).json(reply.body);
		else response.status(200).json({});
	};

/** Signatures are over the bytes as they came, so the body is kept raw and compressed ones are refused. */
export const receiveWebhook = (forgeries: ForgeryLimiter): Middleware[] => [
	express.raw({ type: () => true, limit: maxBodyBytes, inflate: false }) as Middleware,
	receive(forgeries),
];
