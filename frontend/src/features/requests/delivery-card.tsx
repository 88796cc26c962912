import type { Delivery, DeliveryAttempt, DeliveryStatus } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconPlugConnected, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Elapsed } from "../../components/moment.tsx";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { deliveryStatusLooks, outcomeLooks, StatusBadge, StatusIcon } from "../../components/status.tsx";
import { requestQuery, retryDelivery } from "../../queries/requests.ts";
import { formatClock, formatCountdown, formatDuration, formatMoment } from "../../time/format.ts";
import { useNow } from "../../time/use-now.ts";
import { ExchangeView } from "./exchange-view.tsx";
import "./delivery-card.css";

const retryable: readonly DeliveryStatus[] = ["queued", "retrying", "unknown", "dead"];

const kinds: Record<Delivery["kind"], string> = {
	request: "Question",
	reply: "Your reply",
	decision: "Decision",
	text: "Message",
	event: "Event",
};

/** One message to one place, with everything that was tried. */
export const DeliveryCard = ({ delivery }: { delivery: Delivery }) => {
	const client = useQueryClient();
	const retry = useMutation({
		mutationFn: () => retryDelivery(delivery.project_id, delivery.id),
		onSuccess: () => {
			if (delivery.agent_request_id === null) return;
			return client.invalidateQueries({ queryKey: requestQuery(delivery.project_id, delivery.agent_request_id).queryKey });
		},
	});
	const attempts = delivery.attempts.toSorted((left, right) => left.number - right.number);
	const look = deliveryStatusLooks[delivery.status];

	return (
		<li className="delivery card">
			<div className="delivery-head">
				<IconPlugConnected size={16} aria-hidden className="dim" />
				<div className="delivery-place">
					<div className="truncate">
						<strong>{delivery.agent_name ?? delivery.integration_name}</strong>
						{delivery.kind !== "request" && <span className="dim"> · {kinds[delivery.kind]}</span>}
					</div>
					<div className="truncate tiny dim">
						{[delivery.adapter, delivery.agent_name === null ? null : delivery.integration_name, delivery.address || null]
							.filter((part) => part !== null)
							.join(" · ")}
					</div>
				</div>
				<StatusBadge look={look} />
			</div>
			{delivery.reason !== null && (
				<Notice tone={delivery.status === "dead" ? "red" : "amber"} title={delivery.reason.message}>
					{delivery.reason.remedy}
				</Notice>
			)}
			{(delivery.next_attempt_at !== null || retryable.includes(delivery.status)) && (
				<div className="delivery-next">
					<NextAttempt delivery={delivery} />
					{retryable.includes(delivery.status) && (
						<Button
							variant="default"
							size="compact-xs"
							leftSection={<IconRefresh size={13} />}
							loading={retry.isPending}
							onClick={() => retry.mutate()}
						>
							Retry now
						</Button>
					)}
				</div>
			)}
			{retry.error !== null && <ErrorNotice error={retry.error} />}
			{attempts.length > 0 && (
				<ol className="attempts" aria-label="Attempts">
					{attempts.map((attempt) => (
						<Attempt key={attempt.id} attempt={attempt} said={delivery.reason?.remedy} />
					))}
				</ol>
			)}
		</li>
	);
};

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

/** `said`: the remedy that stands above already. */
const Attempt = ({ attempt, said }: { attempt: DeliveryAttempt; said: string | undefined }) => {
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
				{attempt.detail !== null && <div className="dim tiny wrap">{attempt.detail}</div>}
				{attempt.remedy !== null && attempt.remedy !== said && (
					<div className="tiny wrap">
						<strong>What to do:</strong> {attempt.remedy}
					</div>
				)}
				{attempt.exchange !== null && <ExchangeView exchange={attempt.exchange} />}
			</div>
		</li>
	);
};
