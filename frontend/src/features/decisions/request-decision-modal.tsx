import { type CreateDecisionInput, type NodeSummary, reviseOption, roleMay } from "@agentplanner/contracts";
import { Button, Checkbox, Group, Input, Modal, MultiSelect, SegmentedControl, Stack, Textarea } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent, useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { dropDraft, keepDraft } from "../../lib/drafts.ts";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { createDecision, decisionsKey } from "../../queries/decisions.ts";
import { labelOf, usePeople } from "../../queries/people.ts";
import { type DecisionDraft, deadlineProblem, draftKey, inputOf, notifyProblem, openDraft, optionsProblem } from "./decision-draft.ts";
import { ExpiryFields } from "./expiry-fields.tsx";
import { NotifyFields } from "./notify-fields.tsx";
import { RecommendationFields } from "./recommendation-fields.tsx";
import { UrgencyField } from "./urgency-field.tsx";

type Props = { node: NodeSummary; opened: boolean; onClose: () => void };

export const RequestDecisionModal = ({ node, opened, onClose }: Props) => {
	const phone = useMediaQuery("(max-width: 48em)");
	return (
		<Modal
			opened={opened}
			onClose={onClose}
			size={560}
			fullScreen={phone}
			title="Request a decision"
			closeButtonProps={{ "aria-label": "Close; the draft is kept" }}
		>
			<RequestForm node={node} onRequested={onClose} />
		</Modal>
	);
};

const shownFields = ["question", "details", "options", "recommendation.reason", "decider_ids", "expires_at", "on_expiry", "notify"];

const RequestForm = ({ node, onRequested }: { node: NodeSummary; onRequested: () => void }) => {
	const client = useQueryClient();
	const people = usePeople(node.project_id, node.plan_id);
	const [draft, setDraft] = useState(() => openDraft(node.id));
	const [tried, setTried] = useState(false);
	const [keys] = useState(createSubmissionKeys);
	const change = (part: Partial<DecisionDraft>) => {
		const next = { ...draft, ...part };
		setDraft(next);
		keepDraft(draftKey(node.id), next);
	};
	const request = useMutation({
		mutationFn: ({ body, key }: { body: CreateDecisionInput; key: string }) => createDecision(node.project_id, body, key),
		onSuccess: async () => {
			dropDraft(draftKey(node.id));
			await client.invalidateQueries({ queryKey: decisionsKey(node.project_id) });
			onRequested();
		},
	});
	const errors = fieldErrors(request.error);
	const own = {
		question: draft.question.trim() === "" ? "Write what is to be decided" : null,
		options: optionsProblem(draft),
		deadline: deadlineProblem(draft, Date.now()),
		notify: notifyProblem(draft),
	};
	const told = (name: keyof typeof own) => (tried ? own[name] : null);
	const send = () => {
		setTried(true);
		if (request.isPending || Object.values(own).some((problem) => problem !== null)) return;
		// By the draft: its deadline in hours moves on with the clock.
		request.mutate({ body: inputOf(draft, node.id, Date.now()), key: keys.keyFor(draft) });
	};
	const field = (name: "question" | "details" | "ownOptions", problem: string | null | undefined = null) => ({
		autosize: true,
		value: draft[name],
		onChange: (event: ChangeEvent<HTMLTextAreaElement>) => change({ [name]: event.currentTarget.value }),
		error: problem ?? errors[name] ?? null,
	});
	const mayDecide = people.filter(({ role }) => roleMay(role, "decisions:decide"));
	return (
		<form
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				send();
			}}
		>
			<Stack gap="sm">
				<FormProblem error={request.error} shown={shownFields} />
				<Textarea
					{...field("question", told("question"))}
					label="Question"
					placeholder="What is to be decided?"
					required
					data-autofocus
					minRows={2}
					maxRows={6}
				/>
				<Textarea
					{...field("details")}
					label="Details"
					placeholder="What one should know to decide. Markdown works."
					minRows={2}
					maxRows={10}
				/>
				<Input.Wrapper label="Options" labelElement="div" error={draft.choice === "approve" ? (errors.options ?? null) : null}>
					<SegmentedControl
						fullWidth
						aria-label="Options"
						value={draft.choice}
						onChange={(choice) => change({ choice: choice as DecisionDraft["choice"] })}
						data={[
							{ value: "approve", label: "Approve, reject or revise" },
							{ value: "own", label: "My own" },
						]}
					/>
				</Input.Wrapper>
				{draft.choice === "own" && (
					<>
						<Textarea
							{...field("ownOptions", told("options") ?? errors.options)}
							label="My options"
							description="One per line, two to ten."
							minRows={3}
							maxRows={10}
						/>
						<Checkbox
							label={`Offer “${reviseOption.label}”, too`}
							checked={draft.withRevise}
							onChange={(event) => change({ withRevise: event.currentTarget.checked })}
						/>
					</>
				)}
				<RecommendationFields draft={draft} change={change} error={errors["recommendation.reason"]} />
				<UrgencyField draft={draft} change={change} />
				<ExpiryFields draft={draft} change={change} error={told("deadline") ?? errors.expires_at} ruleError={errors.on_expiry} />
				<MultiSelect
					label="Who decides"
					placeholder={draft.deciderIds.length === 0 ? "Whoever may: editors, admins and owners" : ""}
					data={mayDecide.map((person) => ({ value: person.id, label: labelOf(person) }))}
					value={draft.deciderIds}
					onChange={(deciderIds) => change({ deciderIds })}
					searchable
					clearable
					error={errors.decider_ids ?? null}
				/>
				<NotifyFields node={node} draft={draft} change={change} problem={told("notify")} errors={errors} />
				<Group justify="end">
					<Button type="submit" loading={request.isPending}>
						Request decision
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
