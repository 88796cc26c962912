import { type PlanOverview, type PlanStatus, planStatuses } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconListTree, IconPlus, IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { LoadMore } from "../../components/load-more.tsx";
import { NoPlans } from "../../components/no-plans.tsx";
import { EmptyState, LoadError, LoadingRows } from "../../components/states.tsx";
import { planStatusLooks } from "../../components/status.tsx";
import { StatusFilter } from "../../components/status-filter.tsx";
import { planPagesQuery } from "../../queries/plans.ts";
import { useMay } from "../../queries/rights.ts";
import { PlanRow } from "./plan-row.tsx";
import { useListFocus } from "./use-list-focus.ts";
import "./plan-list.css";

type Props = {
	projectId: string;
	status: PlanStatus | undefined;
	onStatus: (status: PlanStatus | undefined) => void;
	onCreate: () => void;
	/** Which plan was taken back just now. */
	restoredId: string | null;
	renderMenu: (plan: PlanOverview) => ReactNode;
};

/** The project's plans that one sees, newest first. */
export const PlanList = ({ projectId, status, onStatus, onCreate, restoredId, renderMenu }: Props) => {
	const plans = useInfiniteQuery(planPagesQuery(projectId, { status }));
	const mayCreate = useMay(projectId)("plans:write");
	const items = plans.data?.pages.flatMap((page) => page.items) ?? [];
	const { headingProps, listProps } = useListFocus(
		items.map(({ id }) => id),
		restoredId,
	);
	return (
		<>
			<header className="page-bar">
				<title>Plans · AgentPlanner</title>
				<h1 className="page-title" {...headingProps}>
					Plans
				</h1>
				<StatusFilter looks={planStatusLooks} statuses={planStatuses} value={status} onChange={onStatus} width={150} />
				{mayCreate && (
					<Button leftSection={<IconPlus size={14} />} onClick={onCreate}>
						New plan
					</Button>
				)}
			</header>
			<div className="page-body">
				<div className="column plan-list">
					{plans.isPending && <LoadingRows rows={8} />}
					{plans.isError && plans.data === undefined && <LoadError error={plans.error} retry={() => void plans.refetch()} />}
					{plans.data !== undefined &&
						items.length === 0 &&
						(status === undefined ? (
							<NoPlans projectId={projectId} onCreate={onCreate} />
						) : (
							<EmptyState icon={IconListTree} title={`No plan is “${planStatusLooks[status].label}”`}>
								Choose another state to see the rest.
							</EmptyState>
						))}
					{items.length > 0 && (
						<ul className="rows card" aria-label="Plans" {...listProps}>
							{items.map((plan) => (
								<PlanRow key={plan.id} plan={plan}>
									{renderMenu(plan)}
								</PlanRow>
							))}
						</ul>
					)}
					<LoadMore query={plans} label="Show older plans" />
					{plans.data !== undefined && (
						<Link to="/projects/$projectId/plans" params={{ projectId }} search={{ deleted: true }} className="small dim plan-list-bin">
							<IconTrash size={14} aria-hidden />
							Deleted plans
						</Link>
					)}
				</div>
			</div>
		</>
	);
};
