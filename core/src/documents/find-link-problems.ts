import { maxDocumentLinks, type PlanDocument } from "@agentplanner/contracts";
import { describeStep } from "../dependencies/describe-step.ts";
import { findCircle } from "../dependencies/find-circle.ts";

export const linkKeys = ["waits_for", "relates_to"] as const;

/** A link that can't be: of which node, and the how manieth of those it has of that kind. */
export type LinkProblem = { node: number; key: (typeof linkKeys)[number]; place: number; message: string };

/** What is wrong with the links between the nodes of a tree: too many of them, an end that isn't there, a node linked to itself, a circle of waiting. */
export const findLinkProblems = ({ nodes }: PlanDocument): LinkProblem[] => {
	const excess = findExcess(nodes);
	if (excess) return [excess];
	const titles = new Map(nodes.map(({ id, title }) => [id, `“${title}”`]));
	const problems = nodes.flatMap(({ id, ...node }, index) =>
		linkKeys.flatMap((key) =>
			node[key].flatMap((other, place): LinkProblem[] => {
				const refuse = (message: string) => [{ node: index, key, place, message }];
				if (!titles.has(other)) return refuse(`“${other}” is the id of no node in this document`);
				return other === id ? refuse("names the node itself") : [];
			}),
		),
	);
	return problems.length > 0 ? problems : circleIn(nodes, (id) => titles.get(id) ?? id);
};

/** The first one too many. */
const findExcess = (nodes: PlanDocument["nodes"]): LinkProblem | null => {
	let room = maxDocumentLinks;
	for (const [index, node] of nodes.entries())
		for (const key of linkKeys) {
			const message = `is one link more than the ${maxDocumentLinks} that a document may have`;
			if (node[key].length > room) return { node: index, key, place: room, message };
			room -= node[key].length;
		}
	return null;
};

/** One circle, at the last of its links. */
const circleIn = (nodes: PlanDocument["nodes"], title: (id: string) => string): LinkProblem[] => {
	const circle = findCircle({
		nodes: new Map(nodes.map(({ id, parent }) => [id, { parentId: parent }])),
		blocks: nodes.flatMap(({ id, waits_for }) => waits_for.map((other) => ({ upstreamId: other, downstreamId: id }))),
	});
	if (circle === null) return [];
	const steps = circle.flatMap((to, index) => {
		const from = circle.at(index - 1);
		return from === undefined ? [] : [{ from, to }];
	});
	const message = `closes a circle in which these nodes wait for each other: ${steps.flatMap(({ from, to }) => describeStep(from, to, title) ?? []).join(", ")}`;
	return nodes
		.flatMap(({ id, waits_for }, node) =>
			waits_for.flatMap((other, place): LinkProblem[] => {
				const closes = steps.some(
					({ from, to }) => from.point === "finish" && from.nodeId === other && to.point === "start" && to.nodeId === id,
				);
				return closes ? [{ node, key: "waits_for", place, message }] : [];
			}),
		)
		.slice(-1);
};
