import { type PublicSocketMessage, publicLinkEnded, publicSocketPath } from "@agentplanner/contracts";
import { type Context, currentPosition, findPublicPlan, readChangedPlans } from "@agentplanner/core";
import type { WebSocket } from "ws";

// Apart from those of members, whom strangers must not crowd out. A page that gets none reads again when somebody looks at it.
const mostReaders = 1_000;

type Reader = { key: string; planId: string; position: number };

const path = new RegExp(`^${publicSocketPath("([^/]+)")}$`);

/** The public link's key in the address of such a socket. */
export const publicKeyIn = (url: string | undefined): string | null => path.exec(url?.split("?")[0] ?? "")?.[1] ?? null;

export type PublicReaders = {
	/** As whom a key lets somebody in: null, nobody; "full", nobody more. */
	admit(key: string): Promise<Reader | "full" | null>;
	add(socket: WebSocket, reader: Reader): void;
	sockets(): Iterable<WebSocket>;
	wake(): void;
	/** Resolves once nothing is being read. */
	idle(): Promise<void>;
};

/**
 * Pages that were opened by a public link: they hear that their plan has changed and nothing else, neither what nor by whom. With the
 * link ends the socket, after it has said so.
 */
export const createPublicReaders = ({ core, onError }: { core: Context; onError: (error: unknown) => void }): PublicReaders => {
	const readers = new Map<WebSocket, Reader>();
	let running: Promise<void> | null = null;
	let again = false;

	const tell = async (told: [WebSocket, Reader][]) => {
		const good = new Map<string, boolean>();
		for (const [socket, { key }] of told) {
			const isGood = good.get(key) ?? (await findPublicPlan(core, key)) !== null;
			good.set(key, isGood);
			socket.send(JSON.stringify({ type: "changed" } satisfies PublicSocketMessage));
			if (!isGood) socket.close(publicLinkEnded, "the link has ended");
		}
	};

	const read = async () => {
		if (readers.size === 0) return;
		const current = await currentPosition(core);
		const waiting = [...readers].filter(([, { position }]) => position !== current);
		if (waiting.length === 0) return;
		const planIds = [...new Set(waiting.map(([, { planId }]) => planId))];
		const changed = await readChangedPlans(core, { planIds, after: Math.min(...waiting.map(([, { position }]) => position)) });
		const told = waiting.filter(([, { planId, position }]) => (changed.get(planId) ?? 0) > position);
		for (const [, reader] of waiting) reader.position = Math.max(current, changed.get(reader.planId) ?? 0);
		await tell(told);
	};

	const run = async () => {
		do {
			again = false;
			await read().catch(onError);
		} while (again);
		running = null;
	};

	return {
		admit: async (key) => {
			if (readers.size >= mostReaders) return "full";
			const position = await currentPosition(core);
			const plan = await findPublicPlan(core, key);
			return plan && { key, planId: plan.id, position };
		},
		add: (socket, reader) => {
			readers.set(socket, reader);
			socket.on("close", () => readers.delete(socket));
		},
		sockets: () => readers.keys(),
		wake: () => {
			if (running) again = true;
			else running = run();
		},
		idle: async () => {
			await running;
		},
	};
};
