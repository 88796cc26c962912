import type { Delivery, DeliveryAttempt, DeliveryStatus } from "@agentplanner/contracts";
import { Button, Group } from "@mantine/core";
import { IconPlayerPause, IconPlugConnected, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useAdapterLabel } from "../queries/integrations.ts";
import { requestQuery, retryDelivery } from "../queries/requests.ts";
import { useMay } from "../queries/rights.ts";
import { formatBytes, formatClock, formatCountdown, formatDuration, formatMoment } from "../time/format.ts";
import { useNow } from "../time/use-now.ts";
import { EditDeliveryModal, editableKinds } from "./edit-delivery-modal.tsx";
import { ExchangeView } from "./exchange-view.tsx";
import { UntrustedMarkdown } from "./markdown.tsx";
import { Elapsed, Moment } from "./moment.tsx";
import { ErrorNotice, Notice } from "./notice.tsx";
import { SentModal } from "./sent-modal.tsx";
import { deliveryStatusLooks, type Look, outcomeLooks, StatusBadge, StatusIcon } from "./status.tsx";
import "./delivery-card.css";

const retryable: readonly DeliveryStatus[] = ["queued", "retrying", "unknown", "dead"];

const heldLook: Look = { label: "Held", tone: "amber", icon: IconPlayerPause };

/** What kind of message it is, in a reader's words. */
export const deliveryKindWords: Record<Delivery["kind"], string> = {
	request: "Question",
	reply: "Your reply",
	decision: "Decision",
	nudge: "Reminder",
	decision_outcome: "What was decided",
	text: "Message",
	event: "Event",
};

type CardProps = {
	delivery: Delivery;
	mayRetry: boolean;
	/** Whether the other side refused the integration's credentials: it is held until somebody repairs them. */
	refused: boolean;
	/** What stands above already and isn't said again. */
	said: string | null;
};

/** One message to one place, with everything that was tried. */
export const DeliveryCard = ({ delivery, mayRetry, refused, said }: CardProps) => {
	const client = useQueryClient();
	const adapter = useAdapterLabel(delivery.adapter);
	const retry = useMutation({
		mutationFn: () => retryDelivery(delivery.project_id, delivery.id),
		onSuccess: () => {
			if (delivery.agent_request_id === null) return;
			return client.invalidateQueries({ queryKey: requestQuery(delivery.project_id, delivery.agent_request_id).queryKey });
		},
	});
	const attempts = delivery.attempts.toSorted((left, right) => left.number - right.number);
	const waits = delivery.status !== "dead" && retryable.includes(delivery.status);
	const stopped = retryable.includes(delivery.status) && !delivery.integration_enabled;
	const repair = refused && waits && !stopped;
	const look = (stopped && waits) || repair ? heldLook : deliveryStatusLooks[delivery.status];
	const { reason } = delivery;
	const saidHere = [said ?? "", stopped || repair ? "" : (reason?.message ?? "")];

	return (
		<li className="delivery card">
			<div className="delivery-head">
				<IconPlugConnected size={16} aria-hidden className="dim" />
				<div className="delivery-place">
					<div className="truncate">
						<strong>{delivery.agent_name ?? delivery.integration_name}</strong>
						{delivery.kind !== "request" && <span className="dim"> · {delivery.event?.type ?? deliveryKindWords[delivery.kind]}</span>}
					</div>
					<div className="truncate tiny dim">
						{[...new Set([adapter, delivery.agent_name === null ? adapter : delivery.integration_name, delivery.address])]
							.filter((part) => part !== "")
							.join(" · ")}
					</div>
				</div>
				<StatusBadge look={look} />
			</div>
			{delivery.message !== null && <UntrustedMarkdown text={delivery.message.text} />}
			{stopped && <DisabledNotice delivery={delivery} waits={waits} />}
			{repair && <RefusedNotice delivery={delivery} />}
			{!stopped && !repair && reason !== null && said?.includes(reason.message) !== true && (
				<Notice tone={delivery.status === "dead" ? "red" : "amber"} title={reason.message}>
					{reason.remedy}
				</Notice>
			)}
			{delivery.discarded !== null && (
				<Notice tone="gray" title={`Discarded by ${delivery.discarded.by}: ${delivery.discarded.reason}`}>
					<Moment at={delivery.discarded.at} />
				</Notice>
			)}
			{!stopped && delivery.discarded === null && retryable.includes(delivery.status) && (
				<div className="delivery-next">
					<NextAttempt delivery={delivery} />
					{mayRetry && (
						<Group gap="xs" wrap="nowrap">
							<EditButton delivery={delivery} />
							<Button
								variant="default"
								size="compact-xs"
								leftSection={<IconRefresh size={13} />}
								loading={retry.isPending}
								onClick={() => retry.mutate()}
							>
								Retry now
							</Button>
						</Group>
					)}
				</div>
			)}
			{retry.error !== null && <ErrorNotice error={retry.error} />}
			<DeliverySent delivery={delivery} />
			{attempts.length > 0 && (
				<ol className="attempts" aria-label="Attempts">
					{attempts.map((attempt, index) => (
						<Attempt
							key={attempt.id}
							attempt={attempt}
							detail={saidHere.some((text) => text.includes(attempt.detail ?? "")) ? null : attempt.detail}
							remedy={adviceOf(attempt, attempts.slice(index + 1), reason?.remedy ?? null)}
						/>
					))}
				</ol>
			)}
		</li>
	);
};

const EditButton = ({ delivery }: { delivery: Delivery }) => {
	const [editing, setEditing] = useState(false);
	if (delivery.status !== "dead" || !editableKinds.includes(delivery.kind)) return null;
	return (
		<>
			<Button variant="default" size="compact-xs" onClick={() => setEditing(true)}>
				Edit…
			</Button>
			{editing && <EditDeliveryModal delivery={delivery} onClose={() => setEditing(false)} />}
		</>
	);
};

const DeliverySent = ({ delivery }: { delivery: Delivery }) => {
	const [open, setOpen] = useState(false);
	const { payload_bytes: bytes, replayed_from: origin } = delivery;
	if (bytes === null && origin === null) return null;
	return (
		<div className="delivery-sent tiny dim">
			{bytes !== null && (
				<Button variant="default" size="compact-xs" onClick={() => setOpen(true)}>
					What was sent
				</Button>
			)}
			<span className="num">
				{[bytes === null ? "" : formatBytes(bytes), origin === null ? "" : "an edited copy of one that gave up"]
					.filter(Boolean)
					.join(" · ")}
			</span>
			{open && <SentModal delivery={delivery} onClose={() => setOpen(false)} />}
		</div>
	);
};

/** What is so comes first; what the receiver said to the last attempt stands with that attempt. */
const DisabledNotice = ({ delivery, waits }: { delivery: Delivery; waits: boolean }) => (
	<Notice tone="amber" title={`The integration ${delivery.integration_name} is disabled`}>
		{waits ? "This waits where it is. " : "This can't be sent again. "}
		<IntegrationLink delivery={delivery}>Enable it</IntegrationLink>
		{waits ? ", and it goes out at once." : " first."}
	</Notice>
);

const RefusedNotice = ({ delivery }: { delivery: Delivery }) => (
	<Notice tone="amber" title={`The credentials of ${delivery.integration_name} were refused`}>
		{delivery.reason?.code === "unauthorized" ? delivery.reason.remedy : "Somebody must repair them."}{" "}
		<IntegrationLink delivery={delivery}>Open the integration</IntegrationLink>: once its Test passes, this goes out.
	</Notice>
);

/** The words alone for guests, who don't see integrations. */
const IntegrationLink = ({ delivery, children }: { delivery: Delivery; children: string }) =>
	useMay(delivery.project_id)("integrations:read") ? (
		<Link
			to="/projects/$projectId/integrations"
			params={{ projectId: delivery.project_id }}
			search={{ integration: delivery.integration_id }}
			className="text-link"
		>
			{children}
		</Link>
	) : (
		children
	);

/** Advice is for what is still wrong: none after a success, and none that stands above or comes again. */
const adviceOf = (attempt: DeliveryAttempt, later: DeliveryAttempt[], said: string | null): string | null =>
	attempt.remedy === said || later.some(({ outcome, remedy }) => outcome === "delivered" || remedy === attempt.remedy)
		? null
		: attempt.remedy;

const NextAttempt = ({ delivery }: { delivery: Delivery }) => {
	const waits = delivery.next_attempt_at !== null && retryable.includes(delivery.status) && delivery.status !== "dead";
	const now = useNow(waits);
	if (!waits || delivery.next_attempt_at === null)
		return <span className="tiny dim">{delivery.status === "dead" ? "No more attempts by itself" : ""}</span>;
	return (
		<span className="tiny dim num" title={formatMoment(delivery.next_attempt_at)}>
			Attempt {delivery.attempt_count + 1} in {formatCountdown(Date.parse(delivery.next_attempt_at) - now)}
		</span>
	);
};

type AttemptProps = { attempt: DeliveryAttempt; detail: string | null; remedy: string | null };

const Attempt = ({ attempt, detail, remedy }: AttemptProps) => {
	const look = outcomeLooks[attempt.outcome ?? "running"];
	return (
		<li className={`attempt tone-${look.tone}`}>
			<span className="attempt-mark" aria-hidden>
				<StatusIcon look={look} size={15} />
			</span>
			<div className="attempt-body">
				<div className="attempt-head">
					<span>
						<span className="num dim">{attempt.number}.</span> {look.label}
					</span>
					<span className="tiny dim num" title={`${formatMoment(attempt.started_at)}, worker ${attempt.worker}`}>
						{formatClock(attempt.started_at)} ·{" "}
						{attempt.duration_ms === null ? (
							<Elapsed from={attempt.started_at} to={attempt.finished_at} />
						) : (
							formatDuration(attempt.duration_ms)
						)}
					</span>
				</div>
				{detail !== null && <div className="dim tiny wrap">{detail}</div>}
				{remedy !== null && (
					<div className="tiny wrap">
						<strong>What to do:</strong> {remedy}
					</div>
				)}
				{attempt.exchange !== null && <ExchangeView exchange={attempt.exchange} />}
			</div>
		</li>
	);
};
