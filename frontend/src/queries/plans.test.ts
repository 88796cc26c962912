import type { PlanNode } from "@agentplanner/contracts";
import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { nodeQuery, showNode } from "./plans.ts";

test("a read of a node that began before a save doesn't take the save back when it ends", async () => {
	const client = new QueryClient();
	const query = nodeQuery("p", "n");
	const at = (version: number) => ({ id: "n", project_id: "p", plan_id: "t", version }) as PlanNode;
	let answer = (_node: PlanNode) => {};
	const read = client.fetchQuery({ ...query, queryFn: () => new Promise<PlanNode>((resolve) => (answer = resolve)) });
	showNode(client, at(2));
	answer(at(1));
	await read;
	expect(client.getQueryData(query.queryKey)?.version).toBe(2);
	await client.fetchQuery({ ...query, queryFn: () => at(3) });
	expect(client.getQueryData(query.queryKey)?.version).toBe(3);
});
