import {
	type CreateDecisionInput,
	type DecisionOption,
	ExpiryRule,
	type MessageTarget,
	maxOptions,
	reviseOption,
	Urgency,
	usualOptions,
} from "@agentplanner/contracts";
import { z } from "zod";
import { loadDraft } from "../../lib/drafts.ts";
import { latestDay } from "../../time/format.ts";

const Draft = z.object({
	question: z.string(),
	details: z.string(),
	choice: z.enum(["approve", "own"]),
	/** Own options, one per line. */
	ownOptions: z.string(),
	/** Own options have “Needs changes” among them, too. */
	withRevise: z.boolean().default(true),
	urgency: Urgency.default("can_continue"),
	/** The id of the option that the asker would choose, and why. */
	recommended: z.string().nullable().default(null),
	recommendedWhy: z.string().default(""),
	/** Hours from now, or a local date and time; null: no deadline. */
	deadline: z.union([z.object({ hours: z.number() }), z.object({ at: z.string() })]).nullable(),
	onExpiry: ExpiryRule,
	deciderIds: z.array(z.string()),
	/** Who is told: integrations with an address in them, and members; null: where the routes lead. */
	notify: z
		.array(z.object({ key: z.string(), to: z.string().nullable(), address: z.string() }))
		.nullable()
		.default(null),
});
export type DecisionDraft = z.infer<typeof Draft>;

export const emptyDraft: DecisionDraft = {
	question: "",
	details: "",
	choice: "approve",
	ownOptions: "",
	withRevise: true,
	urgency: "can_continue",
	recommended: null,
	recommendedWhy: "",
	deadline: null,
	onExpiry: "wait",
	deciderIds: [],
	notify: null,
};

export type NotifyLine = NonNullable<DecisionDraft["notify"]>[number];

const memberPrefix = "member:";

/** What a line holds for a member; an integration goes by its id. */
export const toMember = (userId: string): string => memberPrefix + userId;

const toTarget = ({ to, address }: NotifyLine): MessageTarget[] => {
	if (to === null) return [];
	return to.startsWith(memberPrefix) ? [{ user_id: to.slice(memberPrefix.length) }] : [{ integration_id: to, address }];
};

/** What was chosen must name somebody: an empty list would mean the routes. */
export const notifyProblem = ({ notify }: DecisionDraft): string | null =>
	notify !== null && (notify.length === 0 || notify.some(({ to }) => to === null)) ? "Choose who is told, or leave it to the routes" : null;

export const draftKey = (nodeId: string): string => `decision:${nodeId}`;

export const openDraft = (nodeId: string): DecisionDraft => loadDraft(draftKey(nodeId), Draft) ?? emptyDraft;

const slug = (label: string): string =>
	label
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-+|-+$/g, "")
		.slice(0, 36);

/** Each line an option, with an id made from its words. */
export const optionsOf = (lines: string): DecisionOption[] => {
	const options: DecisionOption[] = [];
	for (const label of lines.split("\n").map((line) => line.trim())) {
		if (label === "") continue;
		const wanted = slug(label) || "option";
		const taken = options.filter(({ id }) => id === wanted || id.startsWith(`${wanted}-`)).length;
		options.push({ id: taken === 0 ? wanted : `${wanted}-${taken + 1}`, label });
	}
	return options;
};

/** What there will be to choose from. */
export const offeredOptions = ({ choice, ownOptions, withRevise }: DecisionDraft): DecisionOption[] => {
	if (choice === "approve") return usualOptions;
	const own = optionsOf(ownOptions);
	return withRevise && !own.some(({ id, label }) => id === reviseOption.id || label === reviseOption.label) ? [...own, reviseOption] : own;
};

export const optionsProblem = (draft: DecisionDraft): string | null => {
	if (draft.choice === "own" && optionsOf(draft.ownOptions).length < 2) return "Write at least two, one per line";
	return offeredOptions(draft).length > maxOptions ? `These are more than ${maxOptions}` : null;
};

export const deadlineProblem = ({ deadline }: DecisionDraft, now: number): string | null => {
	if (deadline === null || "hours" in deadline) return null;
	const at = new Date(deadline.at).getTime();
	if (Number.isNaN(at)) return "Choose a date and a time";
	if (at <= now) return "Choose a moment that is still ahead";
	return deadline.at.slice(0, 10) > latestDay ? "Choose an earlier year" : null;
};

/** The rules that the draft's options allow. */
export const rulesOf = ({ choice, urgency }: DecisionDraft): ExpiryRule[] => [
	"wait",
	...(urgency === "informational" ? [] : (["escalate"] as const)),
	...(choice === "approve" ? (["reject", "approve"] as const) : []),
];

/** What is sent where there is no problem with it. */
export const inputOf = (draft: DecisionDraft, nodeId: string, now: number): CreateDecisionInput => {
	const { deadline, onExpiry, recommended, recommendedWhy } = draft;
	const options = offeredOptions(draft);
	const expires = deadline && new Date("hours" in deadline ? now + deadline.hours * 3_600_000 : deadline.at).toISOString();
	return {
		node_id: nodeId,
		question: draft.question,
		details: draft.details,
		options,
		recommendation:
			recommended !== null && options.some(({ id }) => id === recommended) ? { option_id: recommended, reason: recommendedWhy } : null,
		urgency: draft.urgency,
		decider_ids: draft.deciderIds,
		notify: (draft.notify ?? []).flatMap(toTarget),
		on_expiry: expires !== null && rulesOf(draft).includes(onExpiry) ? onExpiry : "wait",
		...(expires === null ? {} : { expires_at: expires }),
	};
};
