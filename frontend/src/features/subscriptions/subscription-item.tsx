import type { Subscription } from "@agentplanner/contracts";
import { IconBroadcast } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Moment } from "../../components/moment.tsx";
import { Notice } from "../../components/notice.tsx";
import { deliveryStatusLooks, StatusBadge } from "../../components/status.tsx";
import { subscriptionsQuery, updateSubscription } from "../../queries/subscriptions.ts";
import { SubscriptionActions } from "./subscription-actions.tsx";
import { type SubscriptionFields, SubscriptionForm } from "./subscription-form.tsx";
import { SubscriptionLog } from "./subscription-log.tsx";
import { subscriptionLooks } from "./subscription-looks.ts";

type Props = { subscription: Subscription; open: boolean; onToggle: () => void };

export const SubscriptionItem = ({ subscription, open, onToggle }: Props) => {
	const { name, integration, types, last_delivery: last } = subscription;
	const [editing, setEditing] = useState(false);
	return (
		<li className="card">
			<button type="button" className="entity-head" aria-expanded={open} onClick={onToggle}>
				<IconBroadcast size={18} aria-hidden className="dim" />
				<span className="entity-text">
					<strong className="truncate">{name}</strong>
					<span className="truncate tiny dim">{[types.join(", "), integration.url ?? integration.name].join(" → ")}</span>
					<span className="truncate tiny dim">
						{last === null ? (
							"Nothing sent yet"
						) : (
							<>
								{last.type}: {deliveryStatusLooks[last.status].label.toLowerCase()} <Moment at={last.at} />
							</>
						)}
					</span>
				</span>
				<StatusBadge look={subscriptionLooks[subscription.state]} />
			</button>
			{open && (
				<div className="entity-body">
					<Trouble subscription={subscription} />
					{editing ? (
						<Edit subscription={subscription} onDone={() => setEditing(false)} />
					) : (
						<>
							<Facts subscription={subscription} />
							<SubscriptionActions subscription={subscription} onEdit={() => setEditing(true)} />
							<SubscriptionLog subscription={subscription} />
						</>
					)}
				</div>
			)}
		</li>
	);
};

/** What is wrong, and what to do about it. */
const Trouble = ({ subscription: { state, integration, replay } }: { subscription: Subscription }) => (
	<>
		{state === "disabled" && (
			<Notice tone="red" title={integration.disabled_reason ?? "Its integration is disabled."}>
				Mend the receiver, enable this again, then send what it missed.
			</Notice>
		)}
		{state === "held" && integration.held_until !== null && (
			<Notice tone="amber" title={integration.held_reason ?? "The receiver asked for patience."}>
				Nothing is lost: it goes on <Moment at={integration.held_until} />.
			</Notice>
		)}
		{state === "failing" && integration.failing_since !== null && (
			<Notice tone="amber" title="Nothing gets through">
				The first failure was <Moment at={integration.failing_since} />. After five days of that it is disabled. The log says why.
			</Notice>
		)}
		{replay !== null && (
			<Notice tone="blue" title="What was missed is being sent">
				Up to position {replay.until}; at {replay.position} now.
			</Notice>
		)}
	</>
);

const Facts = ({ subscription }: { subscription: Subscription }) => {
	const { types, plan_ids: planIds, condition, owner, waiting_deliveries: waiting, integration } = subscription;
	const facts: [string, string][] = [
		["Events", types.join(", ")],
		["Plans", planIds === null ? "All but private ones" : `${planIds.length} chosen`],
		...(condition === null ? [] : [["Condition", JSON.stringify(condition)] as [string, string]]),
		["Waiting", String(waiting)],
		["Answered for by", owner],
	];
	return (
		<dl className="subscription-facts small">
			{facts.map(([label, value]) => (
				<div key={label}>
					<dt className="dim">{label}</dt>
					<dd>{label === "Condition" ? <code>{value}</code> : value}</dd>
				</div>
			))}
			{integration.previous_secret_until !== null && (
				<div>
					<dt className="dim">Old secret</dt>
					<dd>
						signs as well, ends <Moment at={integration.previous_secret_until} />
					</dd>
				</div>
			)}
		</dl>
	);
};

const Edit = ({ subscription, onDone }: { subscription: Subscription; onDone: () => void }) => {
	const client = useQueryClient();
	const save = useMutation({
		mutationFn: (fields: SubscriptionFields) => updateSubscription(subscription, fields),
		onSuccess: async () => {
			await client.invalidateQueries({ queryKey: subscriptionsQuery(subscription.project_id).queryKey });
			onDone();
		},
	});
	return (
		<SubscriptionForm
			projectId={subscription.project_id}
			subscription={subscription}
			error={save.error}
			pending={save.isPending}
			onSubmit={(fields) => save.mutate(fields)}
			onCancel={onDone}
		/>
	);
};
