import type { AnswerPolicy, RequestTarget } from "@agentplanner/contracts";
import { z } from "zod";
import { loadDraft } from "../../lib/drafts.ts";
import { randomId } from "../../lib/random-id.ts";
import { latestDay } from "../../time/format.ts";

const Draft = z.object({
	key: z.string(),
	question: z.string(),
	to: z.enum(["agents", "channel", "default"]),
	/** Null until somebody chose: then the only agent there is, if there is one. */
	agentIds: z.array(z.string()).nullable(),
	integrationId: z.string().nullable(),
	address: z.string(),
	policy: z.enum(["first", "all", "quorum"]),
	quorum: z.number(),
	/** Hours from now, or a local date and time. */
	deadline: z.union([z.object({ hours: z.number() }), z.object({ at: z.string() })]).nullable(),
});
export type AskDraft = z.infer<typeof Draft>;

const emptyDraft = (): AskDraft => ({
	key: randomId(),
	question: "",
	to: "agents",
	agentIds: null,
	integrationId: null,
	address: "",
	policy: "first",
	quorum: 2,
	deadline: null,
});

export const draftKey = (nodeId: string): string => `ask:${nodeId}`;

export const openDraft = (nodeId: string): AskDraft => loadDraft(draftKey(nodeId), Draft) ?? emptyDraft();

/** Whom the draft asks; null while the choice is not finished. */
export const targetsOf = (draft: AskDraft, agentIds: string[]): RequestTarget[] | null => {
	if (draft.to === "default") return [];
	if (draft.to === "agents") return agentIds.length === 0 ? null : agentIds.map((agent_id) => ({ agent_id }));
	return draft.integrationId === null ? null : [{ integration_id: draft.integrationId, address: draft.address.trim() }];
};

/** The rule only matters where several agents are asked. */
export const policyOf = (draft: AskDraft, targetCount: number): AnswerPolicy => {
	if (targetCount < 2 || draft.policy === "first") return { kind: "first" };
	return draft.policy === "all" ? { kind: "all" } : { kind: "quorum", count: draft.quorum };
};

/** Why the chosen deadline can't be sent; an empty or half-typed one must not quietly become the default. */
export const deadlineProblem = ({ deadline }: AskDraft, now: number): string | null => {
	if (deadline === null || "hours" in deadline) return null;
	const at = new Date(deadline.at).getTime();
	if (Number.isNaN(at)) return "Choose a date and a time";
	if (at <= now) return "Choose a moment that is still ahead";
	return deadline.at.slice(0, 10) > latestDay || !/^\d{4}-/.test(deadline.at) ? "Choose an earlier year" : null;
};

/** What is sent when there is no problem with it; undefined means the default. */
export const deadlineOf = (draft: AskDraft, now: number): string | undefined => {
	if (draft.deadline === null) return undefined;
	if ("hours" in draft.deadline) return new Date(now + draft.deadline.hours * 3_600_000).toISOString();
	return new Date(draft.deadline.at).toISOString();
};
