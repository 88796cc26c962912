import type { CreatedSubscription, CreateSubscriptionInput } from "@agentplanner/contracts";
import { Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { createSubscription, subscriptionsQuery } from "../../queries/subscriptions.ts";
import { SecretOnce } from "./secret-once.tsx";
import { SubscriptionForm } from "./subscription-form.tsx";

type Props = { projectId: string; opened: boolean; onClose: () => void };

export const CreateSubscriptionModal = ({ projectId, opened, onClose }: Props) => {
	const [created, setCreated] = useState<CreatedSubscription | null>(null);
	const finish = () => {
		onClose();
		setCreated(null);
	};
	return (
		<Modal
			opened={opened}
			onClose={finish}
			size="lg"
			title={created === null ? "New subscription" : "Copy the signing secret now"}
			closeButtonProps={{ "aria-label": "Close" }}
			// It is shown once: a slip of the mouse must not take it away.
			closeOnClickOutside={created === null}
			closeOnEscape={created === null}
		>
			{created === null ? <Create projectId={projectId} onCreated={setCreated} /> : <SecretOnce created={created} onDone={finish} />}
		</Modal>
	);
};

const Create = ({ projectId, onCreated }: { projectId: string; onCreated: (created: CreatedSubscription) => void }) => {
	const client = useQueryClient();
	const [keys] = useState(createSubmissionKeys);
	const create = useMutation({
		mutationFn: (body: CreateSubscriptionInput) => createSubscription(projectId, body, keys.keyFor(body)),
		onSuccess: (created) => {
			keys.done();
			onCreated(created);
		},
		onSettled: () => client.invalidateQueries({ queryKey: subscriptionsQuery(projectId).queryKey }),
	});
	return (
		<SubscriptionForm
			projectId={projectId}
			error={create.error}
			pending={create.isPending}
			onSubmit={(fields) => create.mutate({ ...fields, address: "" })}
		/>
	);
};
