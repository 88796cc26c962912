import { equal } from "node:assert/strict";
import { eventually } from "../../scripts/testing/eventually.ts";
import type { RoutedAgent } from "../support/routed-agent.ts";
import type { Ground } from "./fault-case.ts";
import type { Delivery, House } from "./house.ts";
import { answer, type Behaviour, type Receiver, type ReceiverOptions, type Script, startReceiver } from "./receiver.ts";

export type Scene = { house: House; receiver: Receiver; agent: RoutedAgent };
type AskedScene = Scene & { requestId: string };

/** The house, and an agent in it that behaves like that. */
export const setTheScene = async (
	{ house: open, own }: Ground,
	script: Script,
	settings: Record<string, unknown> = {},
	options: ReceiverOptions = {},
): Promise<Scene> => {
	const house = await open();
	const receiver = own.use(await startReceiver(script, options));
	return { house, receiver, agent: await house.connect(receiver.url, { settings }) };
};

/** The same, and asks the agent. */
export const askReceiver = async (...given: Parameters<typeof setTheScene>): Promise<AskedScene> => {
	const scene = await setTheScene(...given);
	return { ...scene, requestId: await scene.house.ask(scene.agent) };
};

/** Asks it, and resolves with what comes of the first attempt. */
export const tryOnce = async (ground: Ground, behaviour: Behaviour, settings?: Record<string, unknown>, options?: ReceiverOptions) => {
	const scene = await askReceiver(ground, [behaviour, answer()], settings, options);
	const delivery = await scene.house.delivery(scene.requestId, ["retrying", "unknown", "delivered", "acknowledged", "dead"]);
	return { ...scene, delivery };
};

/** Sends again what waits, and holds that it arrives, under the id and with the bytes that it had. */
export const arrivesAgain = async ({ house, receiver, requestId }: AskedScene, { id }: Delivery): Promise<void> => {
	await house.retry(id);
	await house.delivery(requestId, ["acknowledged"]);
	equal(receiver.byMessage().size, 1, "every copy bears the same webhook-id");
	equal(new Set(receiver.hits.map(({ bodyHash }) => bodyHash)).size, 1, "every copy has the same bytes");
};

export const allCompleted = async (house: House, ids: string[], ms = 60_000): Promise<void> => {
	const isDone = async () => {
		const [row] = await house.query<{ count: number }>(
			"select count(*)::int as count from agent_requests where id = any($1) and status = 'completed'",
			[ids],
		);
		return row?.count === ids.length;
	};
	await eventually("every request is completed", isDone, ms);
};
