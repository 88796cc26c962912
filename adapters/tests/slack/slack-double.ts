import { type Answer, startFaultyHttp } from "../faulty-http.ts";
import { createActs } from "./acts.ts";
import { createApi, Refusal } from "./api.ts";
import { answerHook, hooksPath } from "./hooks.ts";
import { startLines } from "./lines.ts";
import { allScopes, type Channel, createWorld, newChannel, workspace } from "./workspace.ts";

/** A Slack workspace on 127.0.0.1. What Slack would have refused of our calls is a defect of ours: `close` throws for it. */
export const startSlackDouble = async () => {
	const world = createWorld();
	const lines = await startLines();
	const api = createApi(world, lines.newUrl);

	const resultOf = (...call: Parameters<typeof api.answer>): Answer["body"] => {
		try {
			return { ok: true, ...api.answer(...call) };
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			return { ok: false, error: error.code, ...error.details };
		}
	};
	const { url, received, behave, next, close } = await startFaultyHttp(({ url = "", headers }, body) =>
		url.startsWith(hooksPath)
			? answerHook(world, api.defects, url.slice(hooksPath.length), body.toString())
			: {
					status: 200,
					headers: { "x-oauth-scopes": [...world.granted].join(",") },
					body: resultOf(url.replace("/api/", ""), new URLSearchParams(body.toString()), headers.authorization),
				},
	);

	return {
		url: `${url}/api/`,
		...{ received, behave, next, lines },
		calls: api.calls,
		defects: api.defects,
		views: world.views,
		whispers: world.whispers,
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
		...createActs(world, url + hooksPath),
		async close() {
			await Promise.all([close(), lines.close()]);
			if (api.defects.length > 0) throw new Error(`Slack would have refused: ${api.defects.join(" | ")}`);
		},
	};
};

export type SlackDouble = Awaited<ReturnType<typeof startSlackDouble>>;
