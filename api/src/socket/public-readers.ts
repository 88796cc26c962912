import { type PublicSocketMessage, publicLinkEnded, publicSocketPath } from "@agentplanner/contracts";
import { type Context, currentPosition, findPublicPlan, readChangedPlans } from "@agentplanner/core";
import type { WebSocket } from "ws";
import { sourceOf } from "../http/bucket.ts";

// Apart from those of members, whom strangers must not crowd out, nor one link's readers those of others. A page that gets none asks
// again now and then.
const mostReaders = 1_000;
const mostReadersEach = 200;
// One page needs one; behind one address there may be an office.
const mostReadersFrom = 50;
// Of a few bytes each: whoever reads nothing for so long connects again, and reads everything.
const mostBufferedBytes = 16 * 1024;

type Reader = { key: string; source: string; planId: string; position: number };

const path = new RegExp(`^${publicSocketPath("([^/]+)")}$`);

/** The public link's key in the address of such a socket. */
export const publicKeyIn = (url: string | undefined): string | null => path.exec(url?.split("?")[0] ?? "")?.[1] ?? null;

export type PublicReaders = {
	/** As whom a key lets somebody in who comes from that address; null: nobody. */
	admit(key: string, address: string): Promise<Reader | null>;
	/** Whether one address has too many, or there is no room for one more. */
	refusal(reader: Reader): 429 | 503 | null;
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

	const tell = (socket: WebSocket, isGood: boolean) => {
		if (socket.bufferedAmount > mostBufferedBytes) return socket.terminate();
		socket.send(JSON.stringify({ type: "changed" } satisfies PublicSocketMessage));
		if (!isGood) socket.close(publicLinkEnded, "the link has ended");
	};

	const read = async () => {
		if (readers.size === 0) return;
		const current = await currentPosition(core);
		const waiting = [...readers].filter(([, { position }]) => position !== current);
		if (waiting.length === 0) return;
		const planIds = [...new Set(waiting.map(([, { planId }]) => planId))];
		const changed = await readChangedPlans(core, { planIds, after: Math.min(...waiting.map(([, { position }]) => position)) });
		const good = new Map<string, boolean>();
		for (const [socket, reader] of waiting) {
			const { key, planId, position } = reader;
			const last = changed.get(planId) ?? 0;
			// After a restore from a backup positions begin again below what readers have seen.
			if (last > position || position > current) {
				const isGood = good.get(key) ?? (await findPublicPlan(core, key)) !== null;
				good.set(key, isGood);
				tell(socket, isGood);
			}
			// Only now: whoever could not be told is told by the next wake-up.
			reader.position = Math.max(current, last);
		}
	};

	const run = async () => {
		do {
			again = false;
			await read().catch(onError);
		} while (again);
		running = null;
	};

	return {
		admit: async (key, address) => {
			const position = await currentPosition(core);
			const plan = await findPublicPlan(core, key);
			return plan && { key, source: sourceOf(address), planId: plan.id, position };
		},
		refusal: ({ key, source }) => {
			const open = [...readers.values()];
			if (open.filter((reader) => reader.source === source).length >= mostReadersFrom) return 429;
			return open.length >= mostReaders || open.filter((reader) => reader.key === key).length >= mostReadersEach ? 503 : null;
		},
		add: (socket, reader) => {
			readers.set(socket, reader);
			socket.on("close", () => readers.delete(socket));
			// They have nothing to say here.
			socket.on("message", () => socket.terminate());
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
