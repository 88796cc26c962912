import type { AgentRequestDetail } from "@agentplanner/contracts";

export type Turn = {
	id: string;
	kind: "question" | "answer" | "declined" | "input_required" | "reply";
	author: string;
	text: string;
	at: string;
	/** True for an answer that came after the request had what it needed. */
	superseded: boolean;
	/** True until the worker has applied it. */
	pending: boolean;
};

/** Everything that was said about a request, in the order it was said. */
export const conversationOf = ({ request, responses, replies }: AgentRequestDetail): Turn[] => {
	const said: Turn[] = [
		...responses.map(
			(response): Turn => ({
				id: response.id,
				kind: response.kind,
				author: response.respondent,
				text: response.text,
				at: response.created_at,
				superseded: response.outcome === "superseded",
				pending: response.outcome === "received",
			}),
		),
		...replies.map(
			(reply): Turn => ({
				id: reply.delivery_id,
				kind: "reply",
				author: reply.from,
				text: reply.text,
				at: reply.replied_at,
				superseded: false,
				pending: false,
			}),
		),
	].toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
	const question: Turn = {
		id: request.id,
		kind: "question",
		author: request.asked_by,
		text: request.question,
		at: request.created_at,
		superseded: false,
		pending: false,
	};
	return [question, ...said];
};

/** What agents asked back, oldest first; `open` is the one that waits for a reply now. */
export const questionsOf = ({ request, responses }: AgentRequestDetail): { id: string; open: boolean }[] => {
	const asked = responses
		.filter(({ kind, outcome }) => kind === "input_required" && outcome === "accepted")
		.toSorted((left, right) => Date.parse(left.created_at) - Date.parse(right.created_at));
	if (request.status !== "input_required") return asked.map(({ id }) => ({ id, open: false }));
	const waiting = (asked.findLast(({ text }) => text === request.input_question) ?? asked.at(-1))?.id ?? request.id;
	return [...new Set([...asked.map(({ id }) => id), waiting])].map((id) => ({ id, open: id === waiting }));
};
