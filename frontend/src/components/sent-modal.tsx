import type { Delivery, DeliveryPayload } from "@agentplanner/contracts";
import { Button, Modal, Select, Stack } from "@mantine/core";
import { useClipboard, useMediaQuery } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { nodeDeliveriesQuery, payloadQuery } from "../queries/deliveries.ts";
import { requestQuery } from "../queries/requests.ts";
import { formatBytes, formatMinute } from "../time/format.ts";
import { LineDiff } from "./line-diff.tsx";
import { readablePayload } from "./readable-payload.ts";
import { samenessOf } from "./sent-sameness.ts";
import { LoadError, LoadingRows } from "./states.tsx";
import "./sent-modal.css";

type Props = { delivery: Delivery; onClose: () => void };

/** What a delivery sends on every attempt, and how it differs from what was sent before about the same task. */
export const SentModal = ({ delivery, onClose }: Props) => {
	const phone = useMediaQuery("(max-width: 48em)");
	const payload = useQuery(payloadQuery(delivery.project_id, delivery.id));
	return (
		<Modal opened onClose={onClose} size={880} fullScreen={phone} title="What was sent" closeButtonProps={{ "aria-label": "Close" }}>
			{payload.isPending && <LoadingRows rows={6} />}
			{payload.isError && <LoadError error={payload.error} retry={() => void payload.refetch()} />}
			{payload.data !== undefined && <Sent delivery={delivery} payload={payload.data} />}
		</Modal>
	);
};

const Sent = ({ delivery, payload }: { delivery: Delivery; payload: DeliveryPayload }) => {
	const [other, setOther] = useState(delivery.replayed_from);
	const clipboard = useClipboard({ timeout: 1_500 });
	return (
		<Stack gap="sm">
			<div className="sent-head">
				<span className="small" title={`SHA-256 ${payload.sha256}`}>
					<strong className="num">{formatBytes(payload.bytes)}</strong> <span className="dim">{samenessOf(delivery, payload)}</span>
				</span>
				<Button
					variant="default"
					size="compact-sm"
					leftSection={clipboard.copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
					onClick={() => clipboard.copy(payload.text)}
				>
					{clipboard.copied ? "Copied" : "Copy as it was sent"}
				</Button>
			</div>
			<OtherField delivery={delivery} chosen={other} onChoose={setOther} />
			{other === null ? (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
				<pre className="sent-text" tabIndex={0}>
					{readablePayload(payload.text)}
				</pre>
			) : (
				<Difference projectId={delivery.project_id} otherId={other} text={payload.text} />
			)}
		</Stack>
	);
};

/** Which other one to compare it with: of the same task, the newest first. */
const OtherField = ({
	delivery,
	chosen,
	onChoose,
}: {
	delivery: Delivery;
	chosen: string | null;
	onChoose: (id: string | null) => void;
}) => {
	const { project_id: projectId, agent_request_id: requestId } = delivery;
	const request = useQuery({ ...requestQuery(projectId, requestId ?? ""), enabled: requestId !== null });
	const nodeId = request.data?.request.node_id;
	const found = useQuery({ ...nodeDeliveriesQuery(projectId, nodeId ?? ""), enabled: nodeId !== undefined });
	const others = found.data?.items.filter(({ id, payload_bytes }) => id !== delivery.id && payload_bytes !== null) ?? [];
	const nameOf = (other: Delivery) =>
		other.id === delivery.replayed_from
			? `Before it was edited, ${formatMinute(other.created_at)}`
			: `${other.kind === delivery.kind ? "Sent" : other.kind} ${formatMinute(other.created_at)} to ${other.agent_name ?? other.integration_name}`;
	if (others.length === 0) return null;
	return (
		<Select
			label="Compare with what was sent before about this task"
			placeholder="Nothing: show it as it is"
			clearable
			searchable={others.length > 8}
			value={chosen}
			onChange={onChoose}
			data={others.map((other) => ({ value: other.id, label: nameOf(other) }))}
		/>
	);
};

const Difference = ({ projectId, otherId, text }: { projectId: string; otherId: string; text: string }) => {
	const other = useQuery(payloadQuery(projectId, otherId));
	if (other.isPending) return <LoadingRows rows={4} />;
	if (other.isError) return <LoadError error={other.error} retry={() => void other.refetch()} />;
	return <LineDiff label="Difference to what was sent before" before={readablePayload(other.data.text)} after={readablePayload(text)} />;
};
