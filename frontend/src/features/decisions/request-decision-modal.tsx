import { type CreateDecisionInput, type PlanNode, roleMay } from "@agentplanner/contracts";
import { Button, Group, Input, Modal, MultiSelect, SegmentedControl, Stack, Textarea } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { dropDraft, keepDraft } from "../../lib/drafts.ts";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { createDecision, nodeDecisionsQuery } from "../../queries/decisions.ts";
import { membersQuery } from "../../queries/members.ts";
import { type DecisionDraft, deadlineProblem, draftKey, inputOf, openDraft, optionsProblem } from "./decision-draft.ts";
import { ExpiryFields } from "./expiry-fields.tsx";

type Props = { node: PlanNode; opened: boolean; onClose: () => void };

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

const shownFields = ["question", "details", "options", "decider_ids", "expires_at", "on_expiry"];

const RequestForm = ({ node, onRequested }: { node: PlanNode; onRequested: () => void }) => {
	const client = useQueryClient();
	const members = useQuery(membersQuery(node.project_id));
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
			await client.invalidateQueries({ queryKey: nodeDecisionsQuery(node.project_id, node.id).queryKey });
			onRequested();
		},
	});
	const errors = fieldErrors(request.error);
	const own = {
		question: draft.question.trim() === "" ? "Write what is to be decided" : null,
		options: optionsProblem(draft),
		deadline: deadlineProblem(draft, Date.now()),
	};
	const told = (name: keyof typeof own) => (tried ? own[name] : null);
	const send = () => {
		setTried(true);
		if (request.isPending || Object.values(own).some((problem) => problem !== null)) return;
		// By the draft: its deadline in hours moves on with the clock.
		request.mutate({ body: inputOf(draft, node.id, Date.now()), key: keys.keyFor(draft) });
	};
	const mayDecide = (members.data?.items ?? []).filter(({ role }) => roleMay(role, "decisions:decide"));
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
					label="Question"
					placeholder="What is to be decided?"
					required
					data-autofocus
					autosize
					minRows={2}
					maxRows={6}
					value={draft.question}
					onChange={(event) => change({ question: event.currentTarget.value })}
					error={told("question") ?? errors.question ?? null}
				/>
				<Textarea
					label="Details"
					placeholder="What one should know to decide. Markdown works."
					autosize
					minRows={2}
					maxRows={10}
					value={draft.details}
					onChange={(event) => change({ details: event.currentTarget.value })}
					error={errors.details ?? null}
				/>
				<Input.Wrapper label="Options" labelElement="div" error={draft.choice === "approve" ? (errors.options ?? null) : null}>
					<SegmentedControl
						fullWidth
						aria-label="Options"
						value={draft.choice}
						onChange={(choice) => change({ choice: choice as DecisionDraft["choice"] })}
						data={[
							{ value: "approve", label: "Approve or reject" },
							{ value: "own", label: "My own" },
						]}
					/>
				</Input.Wrapper>
				{draft.choice === "own" && (
					<Textarea
						label="My options"
						description="One per line, two to ten."
						autosize
						minRows={3}
						maxRows={10}
						value={draft.ownOptions}
						onChange={(event) => change({ ownOptions: event.currentTarget.value })}
						error={told("options") ?? errors.options ?? null}
					/>
				)}
				<ExpiryFields draft={draft} change={change} error={told("deadline") ?? errors.expires_at} ruleError={errors.on_expiry} />
				<MultiSelect
					label="Who decides"
					placeholder={draft.deciderIds.length === 0 ? "Whoever may: editors, admins and owners" : ""}
					data={mayDecide.map(({ user_id, name, email }) => ({ value: user_id, label: `${name} (${email})` }))}
					value={draft.deciderIds}
					onChange={(deciderIds) => change({ deciderIds })}
					searchable
					clearable
					error={errors.decider_ids ?? null}
				/>
				<Group justify="space-between" wrap="nowrap">
					<span className="tiny dim">Word goes to the plan's routes; if it has none, to the project's.</span>
					<Button type="submit" loading={request.isPending} style={{ flex: "none" }}>
						Request decision
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
