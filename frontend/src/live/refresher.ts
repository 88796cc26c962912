import type { Query, QueryClient, QueryFilters, QueryKey } from "@tanstack/react-query";
import { affectedKeys, belongsToProject } from "./affected-keys.ts";

/** A burst of changes becomes one round of reads. */
const gatherMs = 60;

export type Refresher = {
	everything(projectId: string): void;
	changed(projectId: string, entity: string, id: string): void;
	stop(): void;
};

/**
 * Reads again what changed. A read under way may have begun before the change, and TanStack Query calls its result fresh:
 * it is left to end, since changes that come faster than reads would cancel one after the other, and is then made again.
 *
 * each read: idle → (changed) → fetching → idle; fetching → (changed) → noted → (settled) → fetching → idle
 */
export const createRefresher = (client: QueryClient): Refresher => {
	const cache = client.getQueryCache();
	const keys = new Map<string, QueryKey>();
	const projects = new Set<string>();
	const settled = new Set<Query>();
	const underWay = new Set<Query>();
	let timer: ReturnType<typeof setTimeout> | undefined;

	const refresh = (filters: QueryFilters) => {
		const stale = new Set(cache.findAll(filters));
		for (const query of stale) {
			if (query.state.fetchStatus === "idle") continue;
			stale.delete(query);
			underWay.add(query);
		}
		if (stale.size > 0) void client.invalidateQueries({ predicate: (query) => stale.has(query) }, { cancelRefetch: false });
	};
	const flush = () => {
		timer = undefined;
		const [ids, changed, again] = [new Set(projects), [...keys.values()], new Set(settled)];
		projects.clear();
		keys.clear();
		settled.clear();
		refresh({
			predicate: (query) => again.has(query) || [...ids].some((id) => belongsToProject(query.queryKey, id)),
		});
		for (const queryKey of changed) refresh({ queryKey });
	};
	const later = () => {
		timer ??= setTimeout(flush, gatherMs);
	};
	const unsubscribe = cache.subscribe(({ type, query }) => {
		if (type !== "removed" && query.state.fetchStatus !== "idle") return;
		if (!underWay.delete(query) || type === "removed") return;
		settled.add(query);
		later();
	});

	const everything = (projectId: string) => {
		projects.add(projectId);
		later();
	};
	return {
		everything,
		changed(projectId, entity, id) {
			const affected = affectedKeys(projectId, entity, id);
			if (affected === null) return everything(projectId);
			for (const key of affected) keys.set(JSON.stringify(key), key);
			later();
		},
		stop() {
			clearTimeout(timer);
			unsubscribe();
		},
	};
};
