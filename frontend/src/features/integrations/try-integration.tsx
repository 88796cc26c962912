import type { AdapterDescription, CreatedIntegration } from "@agentplanner/contracts";
import { Button, Group } from "@mantine/core";
import { IconPencil, IconSend, IconStethoscope } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { AddressField } from "../../components/address-field.tsx";
import { DeliveryCard } from "../../components/delivery-card.tsx";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { integrationsQuery, testIntegration } from "../../queries/integrations.ts";
import { deliveryQuery, sendMessage } from "../../queries/messages.ts";
import { useMay } from "../../queries/rights.ts";
import { EditIntegration } from "./edit-integration.tsx";

const words = "A test from AgentPlanner: this channel is connected.";

type Props = { integration: CreatedIntegration; adapter: AdapterDescription };

/** A live check of everything that sending needs, and a message that shows whether it arrives. */
export const TryIntegration = ({ integration, adapter }: Props) => {
	const { id, project_id: projectId } = integration;
	const client = useQueryClient();
	const [address, setAddress] = useState("");
	const [editing, setEditing] = useState(false);
	const [keys] = useState(createSubmissionKeys);
	const saved = useQuery(integrationsQuery(projectId)).data?.items.find((one) => one.id === id);
	const check = useMutation({
		mutationFn: () => testIntegration(projectId, id, address === "" ? [] : [address]),
		onSuccess: () => client.invalidateQueries({ queryKey: integrationsQuery(projectId).queryKey }),
	});
	const send = useMutation({
		mutationFn: () => {
			const body = { to: { integration_id: id, address }, text: words };
			return sendMessage(projectId, body, keys.keyFor(body));
		},
		onSuccess: () => keys.done(),
	});
	const addressError = fieldErrors(send.error)["to.address"];
	const report = check.data?.health_report;
	if (editing && saved !== undefined)
		return (
			<EditIntegration
				integration={saved}
				onDone={() => {
					check.reset();
					setEditing(false);
				}}
			/>
		);
	return (
		<div className="setup-try">
			<AddressField
				label={adapter.address?.label ?? "Address"}
				description={adapter.address?.description}
				placeholder="Where the test goes"
				adapterId={adapter.id}
				value={address}
				onChange={setAddress}
				error={addressError ?? null}
			/>
			<Group gap="xs">
				<Button variant="default" leftSection={<IconStethoscope size={14} />} loading={check.isPending} onClick={() => check.mutate()}>
					Check now
				</Button>
				<Button leftSection={<IconSend size={14} />} loading={send.isPending} onClick={() => send.mutate()}>
					Send a test
				</Button>
				<Button variant="default" leftSection={<IconPencil size={14} />} onClick={() => setEditing(true)}>
					Edit
				</Button>
			</Group>
			<div role="status" className="setup-try">
				{report?.ok === true && (
					<Notice tone="green" title="The check passed">
						Everything that can be asked without sending something works.
					</Notice>
				)}
				{report?.problems.map(({ problem, remedy }) => (
					<Notice key={problem} tone="red" title={problem}>
						{remedy}
					</Notice>
				))}
			</div>
			{check.error !== null && <ErrorNotice error={check.error} />}
			{send.error !== null && addressError === undefined && <ErrorNotice error={send.error} />}
			{send.data !== undefined && (
				<ul className="deliveries" aria-label="The test">
					<SentMessage projectId={projectId} deliveryId={send.data.id} />
				</ul>
			)}
			<p className="small dim">
				Then{" "}
				<Link to="/projects/$projectId/agents" params={{ projectId }} search={{ create: true }} className="text-link">
					make an agent
				</Link>{" "}
				and give it a route here, so that its questions come this way.
			</p>
		</div>
	);
};

const SentMessage = ({ projectId, deliveryId }: { projectId: string; deliveryId: string }) => {
	const { data: delivery } = useQuery(deliveryQuery(projectId, deliveryId));
	const mayRetry = useMay(projectId)("deliveries:retry");
	return delivery === undefined ? null : <DeliveryCard delivery={delivery} mayRetry={mayRetry} refused={false} said={null} />;
};
