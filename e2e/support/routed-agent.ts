import { randomUUID } from "node:crypto";
import type { Person } from "./person.ts";

type WithId = { id: string };
type Connected = WithId & { created_secrets: { signing_secret: string } };

export type RoutedAgent = { agentId: string; nodeId: string; integrationId: string; signingSecret: string };

/** Connects an agent at that address and finds a task to ask about. `more`: other settings and secrets of its webhook. */
export const addRoutedAgent = async (
	person: Person,
	url: string,
	more: { settings?: Record<string, unknown>; secrets?: Record<string, string> } = {},
): Promise<RoutedAgent> => {
	const project = `/projects/${person.projectId}`;
	const integration = await person.must<Connected>("POST", `${project}/integrations`, {
		adapter: "webhook",
		name: `Double ${randomUUID()}`,
		settings: { url, ...more.settings },
		...(more.secrets ? { secrets: more.secrets } : {}),
	});
	const agent = await person.must<WithId>("POST", `${project}/agents`, { name: `Double ${randomUUID()}` });
	await person.must("PUT", `${project}/agents/${agent.id}/routes`, { routes: [{ integration_id: integration.id }] });
	const plan = await person.must<WithId>("POST", `${project}/plans`, { title: "Under load" });
	const node = await person.must<WithId>("POST", `${project}/plans/${plan.id}/nodes`, { title: "Answer many questions" });
	return {
		agentId: agent.id,
		nodeId: node.id,
		integrationId: integration.id,
		signingSecret: integration.created_secrets.signing_secret ?? "",
	};
};
