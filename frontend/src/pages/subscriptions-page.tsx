import { getRouteApi } from "@tanstack/react-router";
import { SubscriptionList } from "../features/subscriptions/subscription-list.tsx";

const route = getRouteApi("/signed-in/projects/$projectId/settings/subscriptions");

export const SubscriptionsPage = () => {
	const { projectId } = route.useParams();
	const { subscription } = route.useSearch();
	const navigate = route.useNavigate();
	return (
		<SubscriptionList
			projectId={projectId}
			openId={subscription}
			onOpen={(id) => void navigate({ search: id === undefined ? {} : { subscription: id }, replace: true })}
		/>
	);
};
