import type { NodeSummary } from "@agentplanner/contracts";

/** The same in upper and lower case. */
export const hasLabel = (labels: readonly string[], label: string): boolean =>
	labels.some((known) => known.toLowerCase() === label.trim().toLowerCase());

/** What other nodes of the plan are labelled with, the commonest first, without those that are taken. */
export const suggestLabels = (nodes: readonly Pick<NodeSummary, "labels">[], taken: readonly string[]): string[] => {
	const found = new Map<string, { label: string; count: number }>();
	for (const label of nodes.flatMap(({ labels }) => labels)) {
		const known = found.get(label.toLowerCase());
		if (known === undefined) found.set(label.toLowerCase(), { label, count: 1 });
		else known.count += 1;
	}
	return [...found.values()]
		.filter(({ label }) => !hasLabel(taken, label))
		.sort((one, other) => other.count - one.count || one.label.localeCompare(other.label, "en"))
		.map(({ label }) => label);
};
