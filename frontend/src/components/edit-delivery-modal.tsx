import type { Delivery, DeliveryWords } from "@agentplanner/contracts";
import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { apiQueries } from "../lib/api-client.ts";
import { fieldErrors } from "../lib/problems.ts";
import { createSubmissionKeys } from "../lib/submission-keys.ts";
import { editAndReplay, wordsQuery } from "../queries/deliveries.ts";
import { FormProblem } from "./form-problem.tsx";
import { LoadError, LoadingRows } from "./states.tsx";

type Props = { delivery: Delivery; onClose: () => void };
type Field = keyof DeliveryWords;

/** In the order in which a reader meets them. */
const labels = {
	question: "Question",
	title: "Task",
	agent_instructions: "Instructions",
	acceptance_criteria: "Done when",
	text: "Text",
} satisfies Record<Field, string>;
const fields = Object.keys(labels) as Field[];

/** Kinds of which people have written something. */
export const editableKinds: readonly Delivery["kind"][] = ["request", "reply", "text"];

export const EditDeliveryModal = ({ delivery, onClose }: Props) => {
	const phone = useMediaQuery("(max-width: 48em)");
	const words = useQuery(wordsQuery(delivery.project_id, delivery.id));
	return (
		<Modal opened onClose={onClose} size={640} fullScreen={phone} title="Edit and send again" closeButtonProps={{ "aria-label": "Close" }}>
			{words.isPending && <LoadingRows rows={4} />}
			{words.isError && <LoadError error={words.error} retry={() => void words.refetch()} />}
			{words.data !== undefined && Object.keys(words.data).length === 0 && <AsItStands />}
			{words.data !== undefined && Object.keys(words.data).length > 0 && (
				<EditForm delivery={delivery} words={words.data} onClose={onClose} />
			)}
		</Modal>
	);
};

/** Such as word that a question still waits. */
const AsItStands = () => (
	<div className="small">AgentPlanner wrote this message itself, and it goes out as it stands. To send it once more, use “Retry now”.</div>
);

const EditForm = ({ delivery, words, onClose }: Props & { words: DeliveryWords }) => {
	const client = useQueryClient();
	const [draft, setDraft] = useState(words);
	const [keys] = useState(createSubmissionKeys);
	const changed = fields.filter((field) => draft[field] !== words[field]);
	const send = useMutation({
		mutationFn: () => {
			const edited = Object.fromEntries(changed.map((field) => [field, draft[field]]));
			return editAndReplay(delivery.project_id, delivery.id, edited, keys.keyFor(edited));
		},
		onSuccess: () => {
			onClose();
			return Promise.all(
				[apiQueries.deadLetters.key(), apiQueries.deliveries.key(), apiQueries.requests.key()].map((queryKey) =>
					client.invalidateQueries({ queryKey }),
				),
			);
		},
	});
	const problems = fieldErrors(send.error);
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				send.mutate();
			}}
		>
			<Stack gap="sm">
				<div className="small">
					This goes to {delivery.agent_name ?? delivery.integration_name} as a new message. What gave up is kept as it was sent
					{delivery.kind === "request" ? ", and the task itself is not changed." : "."}
				</div>
				{fields
					.filter((field) => words[field] !== undefined)
					.map((field) => {
						const props = {
							label: labels[field],
							value: draft[field] ?? "",
							error: problems[field],
							onChange: (event: { currentTarget: { value: string } }) => {
								const { value } = event.currentTarget;
								setDraft((before) => ({ ...before, [field]: value }));
							},
						};
						return field === "title" ? (
							<TextInput key={field} {...props} maxLength={300} />
						) : (
							<Textarea key={field} {...props} autosize minRows={2} maxRows={12} maxLength={20_000} />
						);
					})}
				<FormProblem error={send.error} shown={fields} />
				<Group justify="end" gap="xs">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" loading={send.isPending} disabled={changed.length === 0}>
						Send again
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
