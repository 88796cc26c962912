import { Button } from "@mantine/core";
import { IconBroadcast, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Section } from "../../components/section.tsx";
import { EmptyState, LoadError, LoadingRows } from "../../components/states.tsx";
import { subscriptionsQuery } from "../../queries/subscriptions.ts";
import { CreateSubscriptionModal } from "./create-subscription-modal.tsx";
import { SubscriptionItem } from "./subscription-item.tsx";
import "../../components/entity-list.css";
import "./subscriptions.css";

type Props = { projectId: string; openId: string | undefined; onOpen: (id: string | undefined) => void };

/** Programs outside that hear what happens, and how each of them fares. */
export const SubscriptionList = ({ projectId, openId, onOpen }: Props) => {
	const subscriptions = useQuery(subscriptionsQuery(projectId));
	const [creating, setCreating] = useState(false);
	const items = subscriptions.data?.items ?? [];
	const newButton = (
		<Button leftSection={<IconPlus size={14} />} onClick={() => setCreating(true)}>
			New subscription
		</Button>
	);
	return (
		<Section
			id="subscriptions-heading"
			title="Event subscriptions"
			about="What happens here, sent to n8n or a program of your own: signed, tried again for three days, and each with its log."
			action={items.length > 0 && newButton}
		>
			{subscriptions.isPending && <LoadingRows rows={3} />}
			{subscriptions.isError && subscriptions.data === undefined && (
				<LoadError error={subscriptions.error} retry={() => void subscriptions.refetch()} />
			)}
			{subscriptions.data !== undefined && items.length === 0 && (
				<EmptyState icon={IconBroadcast} title="Nobody is told yet" action={newButton}>
					A subscription posts the events that you choose to an address, from then on.
				</EmptyState>
			)}
			{items.length > 0 && (
				<ul className="entity-list" aria-label="Subscriptions">
					{items.map((subscription) => (
						<SubscriptionItem
							key={subscription.id}
							subscription={subscription}
							open={subscription.id === openId}
							onToggle={() => onOpen(subscription.id === openId ? undefined : subscription.id)}
						/>
					))}
				</ul>
			)}
			<CreateSubscriptionModal projectId={projectId} opened={creating} onClose={() => setCreating(false)} />
		</Section>
	);
};
