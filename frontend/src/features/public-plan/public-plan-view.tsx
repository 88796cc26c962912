import type { PublicPlan } from "@agentplanner/contracts";
import { lazy, Suspense } from "react";
import { Moment } from "../../components/moment.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { planStatusLooks, StatusBadge } from "../../components/status.tsx";
import { PublicTree } from "./public-tree.tsx";
import "./public-plan.css";

// Large, and many plans have no description.
const Markdown = lazy(async () => ({ default: (await import("../../components/markdown.tsx")).UntrustedMarkdown }));

/** A plan for its readers: nothing can be done with it. */
export const PublicPlanView = ({ plan }: { plan: PublicPlan }) => (
	<article className="public-plan">
		<title>{`${plan.title} · AgentPlanner`}</title>
		<header>
			<h1 className="wrap">{plan.title}</h1>
			<div className="public-plan-facts tiny dim">
				<StatusBadge look={planStatusLooks[plan.status]} />
				<ProgressBar progress={plan.progress} />
				<span>
					Updated <Moment at={plan.updated_at} />
				</span>
			</div>
		</header>
		{plan.description !== "" && (
			<Suspense fallback={<p className="pre">{plan.description}</p>}>
				<Markdown text={plan.description} />
			</Suspense>
		)}
		{plan.nodes.length === 0 ? <p className="small dim">Nothing is planned yet.</p> : <PublicTree label={plan.title} nodes={plan.nodes} />}
	</article>
);
