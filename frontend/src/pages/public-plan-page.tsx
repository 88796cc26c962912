import { getRouteApi } from "@tanstack/react-router";
import { LoadError, LoadingRows } from "../components/states.tsx";
import { EndedLink } from "../features/public-plan/ended-link.tsx";
import { PublicPlanView } from "../features/public-plan/public-plan-view.tsx";
import { isProblem } from "../lib/problems.ts";
import { usePublicPlan } from "../live/use-public-plan.ts";
import "./public-plan-page.css";

const route = getRouteApi("/public/$key");

/** What a plan's public link opens, for somebody who may have no account. */
export const PublicPlanPage = () => {
	const { key } = route.useParams();
	const plan = usePublicPlan(key);
	const content = () => {
		if (isProblem(plan.error, "not_found")) return <EndedLink />;
		if (plan.data !== undefined) return <PublicPlanView plan={plan.data} />;
		if (plan.isError) return <LoadError error={plan.error} retry={() => void plan.refetch()} />;
		return <LoadingRows rows={8} />;
	};
	return (
		<div className="public-page">
			<meta name="robots" content="noindex, nofollow" />
			<header className="public-brand">
				<img src="/favicon.svg" alt="" width={20} height={20} />
				<span>AgentPlanner</span>
				<span className="tiny dim">Shared by a link, read only</span>
			</header>
			<main className="column">{content()}</main>
		</div>
	);
};
