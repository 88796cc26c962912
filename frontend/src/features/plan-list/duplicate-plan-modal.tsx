import { type DuplicatePlanInput, type Plan, roleMay, titleOfCopy } from "@agentplanner/contracts";
import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { duplicatePlan, plansKey } from "../../queries/plans.ts";

type Props = { plan: Plan; opened: boolean; onClose: () => void; onDuplicated: (copy: Plan) => void };

export const DuplicatePlanModal = ({ opened, onClose, ...rest }: Props) => (
	<Modal opened={opened} onClose={onClose} title="Duplicate the plan" closeButtonProps={{ "aria-label": "Close" }}>
		<DuplicateForm {...rest} onClose={onClose} />
	</Modal>
);

const DuplicateForm = ({ plan, onClose, onDuplicated }: Omit<Props, "opened">) => {
	const client = useQueryClient();
	const [title, setTitle] = useState(titleOfCopy(plan.title));
	const [visibility, setVisibility] = useState<"private" | "project">(plan.visibility === "private" ? "private" : "project");
	const [keys] = useState(createSubmissionKeys);
	const duplicate = useMutation({
		mutationFn: (body: DuplicatePlanInput) => duplicatePlan(plan, body, keys.keyFor(body)),
		onSuccess: (copy) => {
			void client.invalidateQueries({ queryKey: plansKey(plan.project_id) });
			onClose();
			onDuplicated(copy);
		},
	});
	const errors = fieldErrors(duplicate.error);
	// Who sees what is in a private plan, its admins say.
	const mayOpen = plan.visibility !== "private" || roleMay(plan.role, "plans:manage");
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (!duplicate.isPending) duplicate.mutate({ title, visibility });
			}}
		>
			<Stack gap="sm">
				<FormProblem error={duplicate.error} shown={["title", "visibility"]} />
				<p className="small dim" style={{ margin: 0 }}>
					The copy is a draft with the same tree, nothing of it begun. Requests, decisions and comments stay with this plan.
				</p>
				<TextInput
					label="Title"
					required
					data-autofocus
					value={title}
					onChange={(event) => setTitle(event.currentTarget.value)}
					error={errors.title ?? null}
				/>
				<Select
					label="Who sees it"
					allowDeselect={false}
					value={visibility}
					onChange={(value) => setVisibility(value as typeof visibility)}
					data={[
						{ value: "private", label: "I, and the project's admins" },
						{ value: "project", label: "Whole project", disabled: !mayOpen },
					]}
					error={errors.visibility ?? null}
				/>
				<Group justify="end" gap="xs">
					<Button variant="default" onClick={onClose}>
						Close
					</Button>
					<Button type="submit" loading={duplicate.isPending}>
						Duplicate
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
