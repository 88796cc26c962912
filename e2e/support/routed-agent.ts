import { randomUUID } from "node:crypto";
import type { Person } from "./person.ts";

type WithId = { id: string };

/** Connects an agent at that address and finds a task to ask about. */
export const addRoutedAgent = async (person: Person, url: string): Promise<{ agentId: string; nodeId: string }> => {
	const project = `/projects/${person.projectId}`;
	const integration = await person.must<WithId>("POST", `${project}/integrations`, {
		adapter: "webhook",
		name: `Double ${randomUUID()}`,
		settings: { url },
	});
	const agent = await person.must<WithId>("POST", `${project}/agents`, { name: `Double ${randomUUID()}` });
	await person.must("PUT", `${project}/agents/${agent.id}/routes`, { routes: [{ integration_id: integration.id }] });
	const plan = await person.must<WithId>("POST", `${project}/plans`, { title: "Under load" });
	const node = await person.must<WithId>("POST", `${project}/plans/${plan.id}/nodes`, { title: "Answer many questions" });
	return { agentId: agent.id, nodeId: node.id };
};
