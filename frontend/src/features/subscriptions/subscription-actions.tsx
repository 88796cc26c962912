import type { CreatedSubscription, Subscription } from "@agentplanner/contracts";
import { Button, Group, Modal, Select, Stack } from "@mantine/core";
import { IconHistory, IconKey, IconPencil, IconPlayerPause, IconPlayerPlay, IconSend, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ConfirmModal } from "../../components/confirm-modal.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import {
	deleteSubscription,
	disableSubscription,
	enableSubscription,
	replayEvents,
	rotateSecret,
	subscriptionsQuery,
	testSubscription,
} from "../../queries/subscriptions.ts";
import { SecretOnce } from "./secret-once.tsx";

type Props = { subscription: Subscription; onEdit: () => void };
type Question = "rotate" | "replay" | "delete" | null;

export const SubscriptionActions = ({ subscription, onEdit }: Props) => {
	const client = useQueryClient();
	const refresh = () => client.invalidateQueries({ queryKey: subscriptionsQuery(subscription.project_id).queryKey });
	const [asking, setAsking] = useState<Question>(null);
	const close = () => setAsking(null);
	const runs = subscription.enabled && subscription.integration.enabled;
	const test = useMutation({ mutationFn: () => testSubscription(subscription), onSettled: refresh });
	const toggle = useMutation({
		mutationFn: () => (runs ? disableSubscription(subscription) : enableSubscription(subscription)),
		onSettled: refresh,
	});
	const error = test.error ?? toggle.error;
	return (
		<>
			{error !== null && <ErrorNotice error={error} />}
			<Group gap="xs">
				<Button variant="default" leftSection={<IconSend size={14} />} loading={test.isPending} onClick={() => test.mutate()}>
					Send test
				</Button>
				<Button
					variant="default"
					leftSection={runs ? <IconPlayerPause size={14} /> : <IconPlayerPlay size={14} />}
					loading={toggle.isPending}
					onClick={() => toggle.mutate()}
				>
					{runs ? "Disable" : "Enable"}
				</Button>
				{runs && (
					<Button variant="default" leftSection={<IconHistory size={14} />} onClick={() => setAsking("replay")}>
						Send what was missed
					</Button>
				)}
				<Button variant="default" leftSection={<IconPencil size={14} />} onClick={onEdit}>
					Edit
				</Button>
				<Button variant="default" leftSection={<IconKey size={14} />} onClick={() => setAsking("rotate")}>
					New secret
				</Button>
				<Button variant="default" leftSection={<IconTrash size={14} />} onClick={() => setAsking("delete")}>
					Delete
				</Button>
			</Group>
			<Ask title="Send what was missed" opened={asking === "replay"} onClose={close}>
				<Replay subscription={subscription} onDone={() => void refresh().then(close)} />
			</Ask>
			<Rotate subscription={subscription} opened={asking === "rotate"} onClose={() => void refresh().then(close)} />
			<ConfirmModal
				opened={asking === "delete"}
				onClose={close}
				title={`Delete “${subscription.name}”?`}
				confirmLabel="Delete subscription"
				act={() => deleteSubscription(subscription).then(refresh)}
			>
				Nothing more is sent there, and its log goes with it. This can't be undone.
			</ConfirmModal>
		</>
	);
};

type AskProps = { title: string; opened: boolean; onClose: () => void; fixed?: boolean; children: ReactNode };

const Ask = ({ title, opened, onClose, fixed = false, children }: AskProps) => (
	<Modal
		opened={opened}
		onClose={onClose}
		title={title}
		closeButtonProps={{ "aria-label": "Close" }}
		closeOnClickOutside={!fixed}
		closeOnEscape={!fixed}
	>
		{children}
	</Modal>
);

const hourMs = 3_600_000;
const spans = [
	{ value: "1", label: "The last hour" },
	{ value: "24", label: "The last day" },
	{ value: "168", label: "The last 7 days" },
	{ value: "336", label: "The last 14 days" },
];

const Replay = ({ subscription, onDone }: { subscription: Subscription; onDone: () => void }) => {
	const [hours, setHours] = useState("24");
	const replay = useMutation({
		mutationFn: () => replayEvents(subscription, new Date(Date.now() - Number(hours) * hourMs).toISOString()),
		onSuccess: onDone,
	});
	return (
		<Stack gap="sm">
			<Select label="Of" allowDeselect={false} data={spans} value={hours} onChange={(value) => setHours(value ?? "24")} />
			<p className="small dim">What was sent before isn't sent again.</p>
			{replay.error !== null && <ErrorNotice error={replay.error} />}
			<Group justify="end">
				<Button loading={replay.isPending} onClick={() => replay.mutate()}>
					Send
				</Button>
			</Group>
		</Stack>
	);
};

const overlaps = [
	{ value: "0", label: "Not at all" },
	{ value: "1", label: "For an hour" },
	{ value: "24", label: "For a day" },
	{ value: "168", label: "For 7 days" },
];

const Rotate = ({ subscription, opened, onClose }: { subscription: Subscription; opened: boolean; onClose: () => void }) => {
	const [hours, setHours] = useState("24");
	const [created, setCreated] = useState<CreatedSubscription | null>(null);
	const rotate = useMutation({ mutationFn: () => rotateSecret(subscription, Number(hours)), onSuccess: setCreated });
	const finish = () => {
		onClose();
		setCreated(null);
		rotate.reset();
	};
	return (
		<Ask
			title={created === null ? "New signing secret" : "Copy the signing secret now"}
			opened={opened}
			onClose={finish}
			fixed={created !== null}
		>
			{created !== null ? (
				<SecretOnce created={created} onDone={finish} />
			) : (
				<Stack gap="sm">
					<Select
						label="The old one still signs"
						description="So that the receiver can change over without missing anything."
						allowDeselect={false}
						data={overlaps}
						value={hours}
						onChange={(value) => setHours(value ?? "24")}
					/>
					{rotate.error !== null && <ErrorNotice error={rotate.error} />}
					<Group justify="end">
						<Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
							Make it
						</Button>
					</Group>
				</Stack>
			)}
		</Ask>
	);
};
