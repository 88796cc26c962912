/** Made anew only where claims or assignments changed: rows are memoised. */
export type WorkerMark = { name: string; label: string; working: boolean };

const initialsOf = (name: string): string =>
	name
		.split(/\s+/)
		.slice(0, 2)
		.map((word) => [...word][0]?.toUpperCase() ?? "")
		.join("");

/** Whoever works on a node, filled; whoever is meant to, outlined. */
export const WorkerBadge = ({ mark: { name, label, working } }: { mark: WorkerMark }) => (
	<span className="worker-badge" data-working={working} title={label}>
		<span aria-hidden>{initialsOf(name)}</span>
		<span className="visually-hidden">{label}</span>
	</span>
);
