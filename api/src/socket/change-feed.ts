import type { SocketMessage } from "@agentplanner/contracts";
import { type Context, currentPosition, type Hearer, readChanges } from "@agentplanner/core";

/** One page's interest in one project, and as whom it hears of it. `send` says false when the page can't keep up. */
export type Subscription = {
	projectId: string;
	position: number;
	hearer: Hearer;
	send: (message: SocketMessage) => boolean;
	behind: boolean;
};

/** More changes than this are not listed: the page reads everything again. */
export const mostChanges = 500;

export type ChangeFeed = {
	/** Where the stream is now. */
	position(): Promise<number>;
	add(subscription: Subscription): void;
	remove(subscription: Subscription): void;
	/** Reads what is new and tells every subscription; calls while one is running become one more. */
	wake(): void;
	/** Resolves once nothing is being read. */
	idle(): Promise<void>;
};

type Options = {
	core: Context;
	/** Asks again as whom every subscription hears, and removes those that no longer may. */
	renewRoles: () => Promise<void>;
	onError: (error: unknown) => void;
};

/**
 * Tells pages what changed of what they may see. Each subscription has its own position; those that stand at the same one in the same
 * project, which is nearly all of them nearly always, are served by one query. Positions become visible in order (the stamper holds a
 * lock to its commit), so everything up to the position read first has been seen by the queries after it.
 */
export const createChangeFeed = ({ core, renewRoles, onError }: Options): ChangeFeed => {
	const subscriptions = new Set<Subscription>();
	let running: Promise<void> | null = null;
	let again = false;

	const reset = (subscription: Subscription, position: number) => {
		subscription.behind = !subscription.send({ type: "reset", project_id: subscription.projectId, position });
		subscription.position = position;
	};

	const serve = async (group: Subscription[], current: number) => {
		const [{ projectId, position: after }] = group as [Subscription];
		const changes = await readChanges(core, { projectId, after, limit: mostChanges + 1 });
		const tooMany = changes.all.length > mostChanges;
		const position = Math.max(current, changes.all.at(-1)?.position ?? 0);
		if (changes.ofMembers) await renewRoles();
		for (const subscription of group) {
			// A page that left meanwhile must hear nothing more.
			if (!subscriptions.has(subscription)) continue;
			const told = tooMany || subscription.behind ? "everything" : changes.toldTo(subscription.hearer);
			if (told === "everything") {
				reset(subscription, position);
				continue;
			}
			for (const change of told) {
				if (subscription.send({ type: "changed", project_id: projectId, ...change })) continue;
				subscription.behind = true;
				break;
			}
			subscription.position = position;
		}
	};

	const read = async () => {
		if (subscriptions.size === 0) return;
		const current = await currentPosition(core);
		const groups = new Map<string, Subscription[]>();
		for (const subscription of subscriptions) {
			// After a restore from a backup positions begin again below what pages have seen.
			if (subscription.position > current) reset(subscription, current);
			if (subscription.position === current && !subscription.behind) continue;
			const key = `${subscription.projectId} ${subscription.position}`;
			groups.set(key, [...(groups.get(key) ?? []), subscription]);
		}
		for (const group of groups.values()) await serve(group, current);
	};

	const run = async () => {
		do {
			again = false;
			await read().catch(onError);
		} while (again);
		running = null;
	};

	return {
		position: () => currentPosition(core),
		add: (subscription) => void subscriptions.add(subscription),
		remove: (subscription) => void subscriptions.delete(subscription),
		wake: () => {
			if (running) again = true;
			else running = run();
		},
		idle: async () => {
			await running;
		},
	};
};
