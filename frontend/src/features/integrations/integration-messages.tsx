import type { ListedIntegration, SendMessageInput } from "@agentplanner/contracts";
import { Button, Group, SegmentedControl, Select, Stack, Textarea } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { AddressField } from "../../components/address-field.tsx";
import { DeliveryCard } from "../../components/delivery-card.tsx";
import { FormProblem } from "../../components/form-problem.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { adaptersQuery } from "../../queries/integrations.ts";
import { membersQuery } from "../../queries/members.ts";
import { messagesQuery, sendMessage } from "../../queries/messages.ts";
import { useMay } from "../../queries/rights.ts";

/** A plain message through this channel, and how the last ones fared. */
export const IntegrationMessages = ({ integration }: { integration: ListedIntegration }) => {
	const messages = useQuery(messagesQuery(integration.project_id, integration.id));
	const mayRetry = useMay(integration.project_id)("deliveries:retry");
	if (messages.isPending) return <LoadingRows rows={2} />;
	if (messages.data === undefined) return <LoadError error={messages.error} retry={() => void messages.refetch()} />;
	return (
		<Stack gap="sm">
			<MessageForm integration={integration} />
			{messages.data.items.length > 0 && (
				<ul className="deliveries" aria-label="Last messages">
					{messages.data.items.map((delivery) => (
						<DeliveryCard
							key={delivery.id}
							delivery={delivery}
							mayRetry={mayRetry}
							refused={integration.unauthorized_since !== null}
							said={null}
						/>
					))}
				</ul>
			)}
		</Stack>
	);
};

const MessageForm = ({ integration: { id, project_id: projectId, adapter } }: { integration: ListedIntegration }) => {
	const client = useQueryClient();
	const hasAddresses = useQuery(adaptersQuery()).data?.items.find((one) => one.id === adapter)?.address != null;
	const members = useQuery({ ...membersQuery(projectId), enabled: hasAddresses });
	const [keys] = useState(createSubmissionKeys);
	const [to, setTo] = useState<"place" | "member">("place");
	const [address, setAddress] = useState("");
	const [userId, setUserId] = useState<string | null>(null);
	const [text, setText] = useState("");
	const send = useMutation({
		mutationFn: (body: SendMessageInput) => sendMessage(projectId, body, keys.keyFor(body)),
		onSuccess: async () => {
			keys.done();
			setText("");
			await client.invalidateQueries({ queryKey: messagesQuery(projectId, id).queryKey });
		},
	});
	const errors = fieldErrors(send.error);
	const target = to === "place" ? { integration_id: id, address } : userId === null ? null : { user_id: userId, integration_id: id };
	return (
		<form
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				if (target !== null && !send.isPending) send.mutate({ to: target, text });
			}}
		>
			<Stack gap="xs">
				{hasAddresses && (
					<SegmentedControl
						aria-label="To whom"
						value={to}
						onChange={(value) => setTo(value as typeof to)}
						data={[
							{ value: "place", label: "An address" },
							{ value: "member", label: "A member" },
						]}
					/>
				)}
				{to === "place" ? (
					<AddressField
						aria-label="Address of the message"
						adapterId={adapter}
						value={address}
						onChange={setAddress}
						error={errors["to.address"] ?? null}
					/>
				) : (
					<Select
						aria-label="Member"
						placeholder="Who has linked an account here"
						value={userId}
						onChange={setUserId}
						data={(members.data?.items ?? []).map(({ user_id, name, email }) => ({ value: user_id, label: `${name} (${email})` }))}
						error={errors["to.user_id"] ?? errors["to.integration_id"] ?? null}
					/>
				)}
				<Textarea
					aria-label="Message"
					placeholder="What to say; nobody is asked to answer."
					autosize
					minRows={2}
					maxRows={8}
					value={text}
					onChange={(event) => setText(event.currentTarget.value)}
					error={errors.text ?? null}
				/>
				<FormProblem error={send.error} shown={["to", "text"]} />
				<Group>
					<Button
						type="submit"
						variant="default"
						leftSection={<IconSend size={14} />}
						loading={send.isPending}
						disabled={text.trim() === "" || target === null}
					>
						Send
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
