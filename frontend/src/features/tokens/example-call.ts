import type { CreatedToken } from "@agentplanner/contracts";

/** What a first call can be about. */
export type ExampleSubject = { nodeId: string | null; agentId: string | null };

/** Reads the answer once there is one; null where the scopes don't allow asking and reading it. ID stands for what asking returned. */
export const answerCall = (origin: string, projectId: string, { token, scopes }: CreatedToken): string | null =>
	scopes.includes("requests:create") && scopes.includes("requests:read")
		? `curl -s -H 'x-api-key: ${token}' '${origin}/api/v1/projects/${projectId}/requests/ID'`
		: null;

/** The first call to try with a new token, to be pasted into a shell; it does what the scopes allow: asking, if it can. */
export const exampleCall = (origin: string, projectId: string, created: CreatedToken, subject: ExampleSubject): string => {
	const base = `${origin}/api/v1/projects/${projectId}`;
	const key = `-H 'x-api-key: ${created.token}'`;
	const read = (path: string) => `curl -s ${key} '${base}${path}'`;
	if (created.scopes.includes("requests:create")) {
		const body = {
			node_id: subject.nodeId ?? "NODE",
			question: "What is missing here?",
			...(subject.agentId === null ? {} : { targets: [{ agent_id: subject.agentId }] }),
		};
		return `curl -s ${key} -H 'content-type: application/json' -d '${JSON.stringify(body)}' '${base}/requests'`;
	}
	if (created.scopes.includes("requests:read")) return read("/requests");
	if (created.scopes.includes("plans:read")) return read("/plans");
	if (created.scopes.includes("agents:read")) return read("/agents");
	if (created.scopes.includes("integrations:read")) return read("/integrations");
	if (created.scopes.includes("deliveries:read")) return read("/deliveries");
	if (created.scopes.includes("events:read")) return read("/events");
	return read("");
};
