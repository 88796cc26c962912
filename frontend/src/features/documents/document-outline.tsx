import type { DocumentNode, NodeKind, PlanDocument } from "@agentplanner/contracts";
import { nodeStatusLooks, StatusIcon } from "../../components/status.tsx";
import { formatMinute } from "../../time/format.ts";

const mostShown = 300;
const kinds: [kind: NodeKind, one: string, several: string][] = [
	["phase", "phase", "phases"],
	["task", "task", "tasks"],
	["milestone", "milestone", "milestones"],
];

const amount = (count: number, one: string, several: string): string[] => (count === 0 ? [] : [`${count} ${count === 1 ? one : several}`]);

/** `2 phases, 7 tasks, 3 dependencies`. */
const countsOf = (nodes: DocumentNode[]): string => {
	const links = nodes.reduce((sum, { waits_for, relates_to }) => sum + waits_for.length + relates_to.length, 0);
	const counted = kinds.flatMap(([kind, one, several]) => amount(nodes.filter((node) => node.kind === kind).length, one, several));
	return [...counted, ...amount(links, "dependency", "dependencies")].join(", ") || "an empty plan";
};

const longTexts = { context: "context", agent_instructions: "instructions", acceptance_criteria: "acceptance criteria" } as const;

/** What else is said about a node, in short: `due 1 Mar 2027, 09:00`, `labels: press, urgent`. */
const factsOf = (node: DocumentNode): string[] => {
	const texts = Object.entries(longTexts).flatMap(([key, words]) => (node[key as keyof typeof longTexts] === "" ? [] : [words]));
	return [
		...(node.due_at === null ? [] : [`due ${formatMinute(node.due_at)}`]),
		...(node.labels.length === 0 ? [] : [`labels: ${node.labels.join(", ")}`]),
		...(node.task_mode === "free" ? [] : [`mode: ${node.task_mode}`]),
		...(texts.length === 0 ? [] : [`with ${texts.join(", ")}`]),
	];
};

/** A plan that is not made yet, at a glance. */
export const DocumentOutline = ({ document: { plan, nodes } }: { document: PlanDocument }) => {
	const titles = new Map(nodes.map(({ id, title }) => [id, title]));
	const levels = new Map<string | null, number>([[null, 0]]);
	for (const { id, parent } of nodes) levels.set(id, (levels.get(parent) ?? 0) + 1);
	return (
		<div className="card import-outline">
			<div className="import-outline-head">
				<strong className="wrap">{plan.title}</strong>
				<span className="tiny dim">
					{countsOf(nodes)}
					{plan.status !== "active" && `, ${plan.status}`}
				</span>
				{plan.description !== "" && <p className="import-text-start small dim">{plan.description}</p>}
			</div>
			{nodes.length > 0 && (
				<ul>
					{nodes.slice(0, mostShown).map((node) => (
						<li key={node.id} style={{ paddingInlineStart: `${((levels.get(node.id) ?? 1) - 1) * 1.125}rem` }} data-kind={node.kind}>
							<span className={`tone-icon tone-${nodeStatusLooks[node.status].tone}`} title={nodeStatusLooks[node.status].label}>
								<StatusIcon look={nodeStatusLooks[node.status]} size={14} />
								<span className="visually-hidden">{nodeStatusLooks[node.status].label}:</span>
							</span>
							<div className="wrap">
								{node.title}
								{node.waits_for.length > 0 && (
									<span className="tiny dim"> waits for {node.waits_for.map((id) => titles.get(id) ?? id).join(", ")}</span>
								)}
								{factsOf(node).length > 0 && <div className="tiny dim">{factsOf(node).join(" · ")}</div>}
								{node.description !== "" && <div className="import-text-start tiny dim">{node.description}</div>}
							</div>
						</li>
					))}
				</ul>
			)}
			{nodes.length > mostShown && <p className="tiny dim">and {nodes.length - mostShown} more</p>}
		</div>
	);
};
