import type { Delivery, Subscription } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { DeliveryCard } from "../../components/delivery-card.tsx";
import { Moment } from "../../components/moment.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { deliveryStatusLooks, StatusBadge } from "../../components/status.tsx";
import { subscriptionLogQuery } from "../../queries/subscriptions.ts";

const pageSize = 20;
const most = 200;

/** What was sent, newest first; each opens to all that was tried. */
export const SubscriptionLog = ({ subscription: { id, project_id: projectId, integration } }: { subscription: Subscription }) => {
	const [limit, setLimit] = useState(pageSize);
	const log = useQuery({ ...subscriptionLogQuery(projectId, id, limit), placeholderData: keepPreviousData });
	if (log.isPending) return <LoadingRows rows={3} />;
	if (log.data === undefined) return <LoadError error={log.error} retry={() => void log.refetch()} />;
	const { items, next_cursor: next } = log.data;
	return (
		<section aria-label="Log">
			<div className="section-title">Log</div>
			{items.length === 0 && <p className="small dim">Nothing was sent yet. “Send test” shows whether it would arrive.</p>}
			<ul className="subscription-log">
				{items.map((delivery) => (
					<LogRow key={delivery.id} delivery={delivery} refused={integration.health === "unauthorized"} />
				))}
			</ul>
			{next !== null && limit < most && (
				<Button variant="default" size="compact-sm" onClick={() => setLimit(Math.min(most, limit * 2))}>
					Show more
				</Button>
			)}
		</section>
	);
};

const LogRow = ({ delivery, refused }: { delivery: Delivery; refused: boolean }) => {
	const [open, setOpen] = useState(false);
	return (
		<li>
			<button type="button" className="subscription-log-row" aria-expanded={open} onClick={() => setOpen(!open)}>
				<span className="truncate small">{delivery.event?.type}</span>
				<span className="tiny dim">
					<Moment at={delivery.created_at} />
				</span>
				<StatusBadge look={deliveryStatusLooks[delivery.status]} />
			</button>
			{open && (
				<ul className="deliveries">
					<DeliveryCard delivery={delivery} mayRetry refused={refused} said={null} />
				</ul>
			)}
		</li>
	);
};
