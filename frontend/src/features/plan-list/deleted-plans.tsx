import type { PlanOverview } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconArrowBackUp, IconArrowLeft, IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LoadMore } from "../../components/load-more.tsx";
import { Moment } from "../../components/moment.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { EmptyState, LoadError, LoadingRows } from "../../components/states.tsx";
import { planPagesQuery, restorePlan, showPlan } from "../../queries/plans.ts";
import { formatDay } from "../../time/format.ts";
import { useListFocus } from "./use-list-focus.ts";
import "./plan-list.css";

/** What lies in the bin and one may take out again. */
export const DeletedPlans = ({ projectId }: { projectId: string }) => {
	const plans = useInfiniteQuery(planPagesQuery(projectId, { deleted: true }));
	const items = plans.data?.pages.flatMap((page) => page.items) ?? [];
	const { headingProps, listProps } = useListFocus(items.map(({ id }) => id));
	return (
		<>
			<header className="page-bar">
				<title>Deleted plans · AgentPlanner</title>
				<Link to="/projects/$projectId/plans" params={{ projectId }} className="back-link" aria-label="All plans">
					<IconArrowLeft size={16} aria-hidden />
				</Link>
				<h1 className="page-title" {...headingProps}>
					Deleted plans
				</h1>
			</header>
			<div className="page-body">
				<div className="column plan-list">
					{plans.isPending && <LoadingRows rows={4} />}
					{plans.isError && plans.data === undefined && <LoadError error={plans.error} retry={() => void plans.refetch()} />}
					{plans.data !== undefined && items.length === 0 && (
						<EmptyState icon={IconTrash} title="No deleted plans">
							A plan that is deleted can be restored here for 30 days, by its owner and its admins.
						</EmptyState>
					)}
					{items.length > 0 && (
						<ul className="rows card" aria-label="Deleted plans" {...listProps}>
							{items.map((plan) => (
								<DeletedPlan key={plan.id} plan={plan} />
							))}
						</ul>
					)}
					<LoadMore query={plans} label="Show older plans" />
				</div>
			</div>
		</>
	);
};

const DeletedPlan = ({ plan }: { plan: PlanOverview }) => {
	const client = useQueryClient();
	const restore = useMutation({ mutationFn: () => restorePlan(plan), onSuccess: (restored) => showPlan(client, restored) });
	return (
		<li className="row-folds" data-id={plan.id}>
			<div className="row-text">
				<strong className="wrap">{plan.title}</strong>
				<div className="tiny dim">
					{plan.deleted_at !== null && (
						<>
							Deleted <Moment at={plan.deleted_at} />
						</>
					)}
					{plan.kept_until !== null && ` · removed for good on ${formatDay(plan.kept_until)}`}
				</div>
				{restore.error !== null && <ErrorNotice error={restore.error} />}
			</div>
			<div className="row-actions">
				<Button
					variant="default"
					leftSection={<IconArrowBackUp size={14} />}
					aria-label={`Restore ${plan.title}`}
					loading={restore.isPending}
					onClick={() => restore.mutate()}
				>
					Restore
				</Button>
			</div>
		</li>
	);
};
