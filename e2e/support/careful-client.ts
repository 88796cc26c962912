import { setTimeout as sleep } from "node:timers/promises";
import type { Person } from "./person.ts";

type Patience = { retryMs: number; giveUpMs: number };
const usual: Patience = { retryMs: 200, giveUpMs: 60_000 };

export type Accepted = { id: string; tries: number };

/** As a careful client asks: tries until it is accepted, always under the same key. */
export const askCarefully = async (
	person: Person,
	{ agentId, nodeId }: { agentId: string; nodeId: string },
	key: string,
	{ retryMs, giveUpMs } = usual,
): Promise<Accepted> => {
	const body = { node_id: nodeId, question: `What about ${key}?`, targets: [{ agent_id: agentId }] };
	const giveUpAt = Date.now() + giveUpMs;
	for (let tries = 1; ; tries += 1) {
		const reply = await person
			.request<{ id: string }>("POST", `/projects/${person.projectId}/requests`, body, { "idempotency-key": key })
			.catch(() => null);
		if (reply?.status === 202) return { id: reply.body.id, tries };
		// Refused, cut off, or "the database is away": try again. Anything else is a defect.
		if (reply && reply.status !== 503) throw new Error(`${key} was answered ${reply.status}: ${JSON.stringify(reply.body)}`);
		if (Date.now() > giveUpAt) throw new Error(`${key} was never accepted.`);
		await sleep(retryMs);
	}
};
