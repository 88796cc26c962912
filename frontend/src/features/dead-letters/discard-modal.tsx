import { type DeadLetterFilter, mostDiscarded } from "@agentplanner/contracts";
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { apiQueries } from "../../lib/api-client.ts";
import { discardDeadLetters, discardDelivery } from "../../queries/dead-letters.ts";

type Target = { deliveryId: string } | { filter: DeadLetterFilter; count: number };
type Props = { projectId: string; target: Target; opened: boolean; onClose: () => void };

/** Asks why before it puts aside one, or all of a kind. */
export const DiscardModal = ({ opened, onClose, ...rest }: Props) => (
	<Modal
		opened={opened}
		onClose={onClose}
		title={"count" in rest.target ? `Discard ${Math.min(rest.target.count, mostDiscarded)} dead letters` : "Discard this dead letter"}
		closeButtonProps={{ "aria-label": "Close" }}
	>
		<Question onClose={onClose} {...rest} />
	</Modal>
);

const Question = ({ projectId, target, onClose }: Omit<Props, "opened">) => {
	const [reason, setReason] = useState("");
	const client = useQueryClient();
	const discard = useMutation<unknown>({
		mutationFn: () =>
			"deliveryId" in target
				? discardDelivery(projectId, target.deliveryId, reason.trim())
				: discardDeadLetters(projectId, target.filter, reason.trim()),
		onSuccess: () => {
			onClose();
			return client.invalidateQueries({ queryKey: apiQueries.deadLetters.key() });
		},
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				discard.mutate();
			}}
		>
			<Stack gap="sm">
				<div className="small">
					It is not sent, leaves this list, and stays with its request. It can be brought back at any time.
					{"count" in target && target.count > mostDiscarded && ` At most ${mostDiscarded} are discarded at once, the oldest first.`}
				</div>
				<TextInput
					label="Why?"
					placeholder="Settled by phone"
					data-autofocus
					required
					maxLength={500}
					value={reason}
					onChange={(event) => setReason(event.currentTarget.value)}
				/>
				{discard.error !== null && <ErrorNotice error={discard.error} />}
				<Group justify="end" gap="xs">
					<Button variant="default" onClick={onClose}>
						Keep it
					</Button>
					<Button type="submit" color="red" loading={discard.isPending} disabled={reason.trim() === ""}>
						Discard
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
