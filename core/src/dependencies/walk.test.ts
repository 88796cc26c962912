import fc from "fast-check";
import { expect, test } from "vitest";
import { findCircle } from "./find-circle.ts";
import { type Link, longestChain } from "./longest-chain.ts";
import { type Graph, nodesEntered, walk, wayTo } from "./walk.ts";

/** `"a b(b1 b2)"` is a tree, `"a>b"` says that a blocks b. */
const graphOf = (tree: string, blocks: string[] = []): Graph => {
	const nodes = new Map<string, { parentId: string | null }>();
	const above: (string | null)[] = [null];
	let last: string | null = null;
	for (const token of tree.match(/\w+|[()]/g) ?? []) {
		if (token === "(") above.push(last);
		else if (token === ")") above.pop();
		else {
			nodes.set(token, { parentId: above.at(-1) ?? null });
			last = token;
		}
	}
	return {
		nodes,
		blocks: blocks.map((edge) => {
			const [upstreamId = "", downstreamId = ""] = edge.split(">");
			return { upstreamId, downstreamId };
		}),
	};
};

const downstreamOf = (graph: Graph, nodeId: string) =>
	nodesEntered(walk(graph, { nodeId, point: "finish" }, "downstream"), "downstream").map(({ nodeId, distance }) => `${nodeId}${distance}`);
const upstreamOf = (graph: Graph, nodeId: string) =>
	nodesEntered(walk(graph, { nodeId, point: "start" }, "upstream"), "upstream").map(({ nodeId, distance }) => `${nodeId}${distance}`);

test("what blocks is passed on from node to node, by the shortest way", () => {
	const graph = graphOf("a b c d", ["a>b", "b>c", "c>d", "a>c"]);
	expect(downstreamOf(graph, "a")).toEqual(["b1", "c1", "d2"]);
	expect(upstreamOf(graph, "d")).toEqual(["c1", "a2", "b2"]);
	expect(downstreamOf(graph, "d")).toEqual([]);
});

test("what blocks a phase holds up all below it, and a phase holds up until all below it is finished", () => {
	const graph = graphOf("p(p1 p2(deep)) q(q1) r", ["p>q", "q1>r"]);
	expect(downstreamOf(graph, "deep")).toEqual(["q1", "q11", "r2"]);
	expect(upstreamOf(graph, "q1")).toEqual(["deep1", "p1", "p11", "p21"]);
	expect(upstreamOf(graph, "r")).toEqual(["q11", "deep2", "p2", "p12", "p22"]);
	expect(downstreamOf(graph, "p")).toEqual(["q1", "q11", "r2"]);
});

test("a way is told from its beginning, also through the tree", () => {
	const graph = graphOf("p(p1) q(q1)", ["p>q"]);
	const way = wayTo(walk(graph, { nodeId: "p1", point: "start" }, "downstream"), { nodeId: "q1", point: "finish" });
	expect(way?.map(({ nodeId, point }) => `${point} ${nodeId}`)).toEqual([
		"start p1",
		"finish p1",
		"finish p",
		"start q",
		"start q1",
		"finish q1",
	]);
	expect(wayTo(walk(graph, { nodeId: "q", point: "start" }, "downstream"), { nodeId: "p", point: "finish" })).toBeNull();
});

const chainOf = (tree: string, blocks: string[], details: Record<string, Partial<Link>> = {}) => {
	const graph = graphOf(tree, blocks);
	const links = [...graph.nodes].map(([id, { parentId }]) => ({ id, parentId, counts: true, dueAt: null, ...details[id] }));
	return longestChain(links, graph.blocks).join(" ");
};

test("the longest chain counts tasks, through phases that wait for each other", () => {
	expect(chainOf("a b c d", ["a>b", "b>c", "a>d"])).toBe("a b c");
	expect(chainOf("p(p1 p2 p3) q(q1 q2)", ["p>q", "p1>p2"], { p: { counts: false }, q: { counts: false } })).toBe("p1 p2 q1");
	expect(chainOf("", [])).toBe("");
});

test("of equally long chains it is the one that is due later, then the one that begins first", () => {
	expect(chainOf("a b c d", ["a>b", "c>d"])).toBe("a b");
	expect(chainOf("a b c d", ["a>b", "c>d"], { b: { dueAt: 1 }, c: { dueAt: 2 } })).toBe("c d");
});

test("a chain of ten thousand is no trouble", () => {
	const ids = Array.from({ length: 10_000 }, (_, index) => `n${index}`);
	const edges = ids.slice(1).map((id, index) => `n${index}>${id}`);
	expect(chainOf(ids.join(" "), edges).split(" ")).toEqual(ids);
	expect(downstreamOf(graphOf(ids.join(" "), edges), "n0")).toHaveLength(9_999);
});

/** A tree in which each node's parent comes before it, and dependencies from earlier to later nodes that are no kin: no circle. */
const anyPlan = fc.integer({ min: 1, max: 14 }).chain((size) =>
	fc
		.record({
			parents: fc.tuple(...Array.from({ length: size }, (_, index) => fc.option(fc.nat({ max: Math.max(0, index - 1) })))),
			edges: fc.array(fc.tuple(fc.nat({ max: size - 1 }), fc.nat({ max: size - 1 })), { maxLength: 20 }),
		})
		.map(({ parents, edges }) => {
			const nodes = new Map(
				parents.map((parent, index) => [`${index}`, { parentId: parent === null || index === 0 ? null : `${parent}` }]),
			);
			const blocks: Graph["blocks"][number][] = [];
			for (const [one, other] of edges) {
				const edge = { upstreamId: `${one}`, downstreamId: `${other}` };
				const reached = walk({ nodes, blocks }, { nodeId: edge.downstreamId, point: "start" }, "downstream");
				if (wayTo(reached, { nodeId: edge.upstreamId, point: "finish" }) === null) blocks.push(edge);
			}
			return { nodes, blocks } satisfies Graph;
		}),
);

test("upstream is downstream seen from the other end", () => {
	fc.assert(
		fc.property(anyPlan, (graph) => {
			const ids = [...graph.nodes.keys()];
			const pairs = (list: (id: string) => string[], swap: boolean) =>
				ids.flatMap((id) => list(id).map((other) => (swap ? `${other}<${id}` : `${id}<${other}`))).sort();
			const entered = (id: string, direction: "upstream" | "downstream") =>
				nodesEntered(walk(graph, { nodeId: id, point: direction === "downstream" ? "finish" : "start" }, direction), direction).map(
					({ nodeId }) => nodeId,
				);
			expect(pairs((id) => entered(id, "downstream"), false)).toEqual(pairs((id) => entered(id, "upstream"), true));
		}),
	);
});

test("each node of the longest chain waits for the one before, and no node can be put in front, behind or between", () => {
	fc.assert(
		fc.property(anyPlan, (graph) => {
			const ids = [...graph.nodes.keys()];
			const after = new Map(
				ids.map((id) => [
					id,
					new Set(nodesEntered(walk(graph, { nodeId: id, point: "finish" }, "downstream"), "downstream").map(({ nodeId }) => nodeId)),
				]),
			);
			const longest = (id: string): number => 1 + Math.max(0, ...[...(after.get(id) ?? [])].map(longest));
			const chain = longestChain(
				[...graph.nodes].map(([id, { parentId }]) => ({ id, parentId, counts: true, dueAt: null })),
				graph.blocks,
			);
			expect(chain.length).toBe(Math.max(...ids.map(longest)));
			for (const [index, id] of chain.slice(1).entries()) expect(after.get(chain[index] ?? "")?.has(id)).toBe(true);
		}),
		{ numRuns: 50 },
	);
});

test("a circle is found where there is one, and each of its places comes after the one before", () => {
	const anyTree = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 10 });
	const anyBlocks = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })), { maxLength: 12 });
	const found = { circles: 0, none: 0 };
	fc.assert(
		fc.property(anyTree, anyBlocks, (parents, pairs) => {
			const nodes = new Map(parents.map((parent, index) => [`${index}`, { parentId: parent < index ? `${parent}` : null }]));
			const blocks = pairs.flatMap(([up, down]) =>
				nodes.has(`${up}`) && nodes.has(`${down}`) ? [{ upstreamId: `${up}`, downstreamId: `${down}` }] : [],
			);
			const graph = { nodes, blocks };
			const waysBack = blocks.filter(({ upstreamId, downstreamId }) =>
				wayTo(walk(graph, { nodeId: downstreamId, point: "start" }, "downstream"), { nodeId: upstreamId, point: "finish" }),
			);
			const circle = findCircle(graph);
			expect(circle !== null).toBe(waysBack.length > 0);
			found[circle === null ? "none" : "circles"] += 1;
			for (const [index, to] of (circle ?? []).entries()) {
				const from = circle?.at(index - 1);
				if (from === undefined) throw new Error("A circle has no end.");
				const blocked = blocks.some(({ upstreamId, downstreamId }) => upstreamId === from.nodeId && downstreamId === to.nodeId);
				const [fromParent, toParent] = [nodes.get(from.nodeId)?.parentId, nodes.get(to.nodeId)?.parentId];
				if (from.point === "finish" && to.point === "start") expect(blocked).toBe(true);
				else if (from.nodeId === to.nodeId) expect([from.point, to.point]).toEqual(["start", "finish"]);
				else if (from.point === "start") expect(toParent).toBe(from.nodeId);
				else expect(fromParent).toBe(to.nodeId);
			}
		}),
		{ numRuns: 500 },
	);
	expect(Math.min(found.circles, found.none)).toBeGreaterThan(50);
});
