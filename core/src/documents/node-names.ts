import type { DocumentNode } from "@agentplanner/contracts";
import { readTitle } from "./titles.ts";

/*
 * How Markdown says which node another one waits for: by its title, in upper or lower case; where several nodes bear it, by an id that
 * the node meant has been given (`- Id: review-2`).
 */

const keyOf = (name: string): string => name.trim().toLowerCase();

type Named = { name: string; ownId: string | null };

/** What each node that others name is called, and the id that it takes for that. */
export const nameNodes = (nodes: DocumentNode[]): Map<string, Named> => {
	const named = new Set(nodes.flatMap(({ waits_for, relates_to }) => [...waits_for, ...relates_to]));
	const byTitle = Map.groupBy(nodes, ({ title }) => keyOf(title));
	const taken = new Set(byTitle.keys());
	const nextOf = new Map<string, number>();
	const newId = (title: string): string => {
		const word = slugOf(title);
		let number = nextOf.get(word) ?? 1;
		while (taken.has(`${word}-${number}`)) number += 1;
		nextOf.set(word, number + 1);
		taken.add(`${word}-${number}`);
		return `${word}-${number}`;
	};
	return new Map(
		nodes.flatMap(({ id, title }): [string, Named][] => {
			if (!named.has(id)) return [];
			if (byTitle.get(keyOf(title))?.length === 1) return [[id, { name: title, ownId: null }]];
			const ownId = newId(title);
			return [[id, { name: ownId, ownId }]];
		}),
	);
};

const slugOf = (title: string): string =>
	title
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-|-$/g, "")
		.slice(0, 40)
		.replace(/-$/, "") || "node";

type Readable = { id: string; title: string; ownId: string | null };

/** Finds the id of the node that a name means. */
export const nodeFinder = (nodes: Readable[]): ((name: string) => { id: string } | { problem: string }) => {
	const byOwnId = new Map(nodes.flatMap((node) => (node.ownId === null ? [] : [[keyOf(node.ownId), node] as const])));
	const byTitle = Map.groupBy(nodes, ({ title }) => keyOf(title));
	const lookUp = (name: string): Readable[] => {
		const own = byOwnId.get(keyOf(name));
		return own ? [own] : (byTitle.get(keyOf(name)) ?? []);
	};
	return (name) => {
		const exact = lookUp(name);
		// As it stands in its own line, with backslashes.
		const [found, ...others] = exact.length > 0 ? exact : lookUp(readTitle(name));
		if (found === undefined)
			return {
				problem: `names “${name}”, which is no title in this file. One that has a comma stands in "…", and several have commas between.`,
			};
		if (others.length > 0)
			return {
				problem: `names “${name}”, which is the title of ${others.length + 1} nodes. Put “- Id: …” under the one you mean, and name that.`,
			};
		return { id: found.id };
	};
};
