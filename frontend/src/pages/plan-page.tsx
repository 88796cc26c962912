import { type AgentRequest, isOpenRequest, roleMay } from "@agentplanner/contracts";
import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import { IconArrowLeft, IconShare, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { LoadError, LoadingRows } from "../components/states.tsx";
import { type Look, requestStatusLooks, undecidedLook } from "../components/status.tsx";
import { NodeActivity } from "../features/activity/node-activity.tsx";
import { PlanActivity } from "../features/activity/plan-activity.tsx";
import { AskComposer } from "../features/ask/ask-composer.tsx";
import { NodeWork } from "../features/claims/node-work.tsx";
import { usePlanWorkers } from "../features/claims/use-plan-workers.ts";
import { NodeDecisions } from "../features/decisions/node-decisions.tsx";
import { RequestDecisions } from "../features/decisions/request-decisions.tsx";
import { CriticalPathToggle } from "../features/dependencies/critical-path-toggle.tsx";
import { NodeDependencies } from "../features/dependencies/node-dependencies.tsx";
import { ExportMenu } from "../features/documents/export-menu.tsx";
import { GoalChips } from "../features/goals/goal-chips.tsx";
import { PlanMenu } from "../features/plan-list/plan-menu.tsx";
import { DeletedNodes } from "../features/plans/deleted-nodes.tsx";
import { NodePanel } from "../features/plans/node-panel.tsx";
import { PlanDescription } from "../features/plans/plan-description.tsx";
import { PlanHeader } from "../features/plans/plan-header.tsx";
import { PlanTree } from "../features/plans/plan-tree.tsx";
import { NodeRequests } from "../features/requests/node-requests.tsx";
import { RequestView } from "../features/requests/request-view.tsx";
import { OwnerRoutes } from "../features/routes/owner-routes.tsx";
import { ShareModal } from "../features/sharing/share-modal.tsx";
import { isProblem } from "../lib/problems.ts";
import { ancestorsOf } from "../lib/tree.ts";
import { undecidedNodesQuery } from "../queries/decisions.ts";
import { criticalPathQuery } from "../queries/dependencies.ts";
import { nodeQuery, planTreeQuery } from "../queries/plans.ts";
import { recentRequestsQuery } from "../queries/requests.ts";
import { useMayInPlan } from "../queries/rights.ts";
import { closesPanel } from "./closes-panel.ts";
import { usePlanFocus } from "./use-plan-focus.ts";
import "./plan-page.css";

const route = getRouteApi("/signed-in/projects/$projectId/plans/$planId");

/** What to show beside a node: what people must decide there, else its newest request that still waits for something. */
const waitsOf = (requests: AgentRequest[], undecided: ReadonlySet<string>): ReadonlyMap<string, Look> => {
	const waits = new Map<string, Look>();
	for (const { node_id, status } of requests)
		if (isOpenRequest(status) && !waits.has(node_id)) waits.set(node_id, requestStatusLooks[status]);
	for (const nodeId of undecided) waits.set(nodeId, undecidedLook);
	return waits;
};

const none: ReadonlySet<string> = new Set();

export const PlanPage = () => {
	const { projectId, planId } = route.useParams();
	const { node: nodeId, request: requestId, decision: decisionId, ask, view } = route.useSearch();
	const navigate = route.useNavigate();
	const tree = useQuery(planTreeQuery(projectId, planId));
	const recent = useQuery(recentRequestsQuery(projectId));
	const undecided = useQuery(undecidedNodesQuery(projectId)).data ?? none;
	const detail = useQuery({ ...nodeQuery(projectId, nodeId ?? ""), enabled: nodeId !== undefined });
	const waits = useMemo(() => waitsOf(recent.data?.items ?? [], undecided), [recent.data, undecided]);
	const workers = usePlanWorkers(projectId, planId);
	const mayAsk = useMayInPlan(projectId, planId)("requests:create");
	const [showsPath, setShowsPath] = useState(false);
	const path = useQuery({ ...criticalPathQuery(projectId, planId), enabled: showsPath }).data?.nodes;
	const critical = useMemo(
		() => (showsPath && path !== undefined && path.length > 0 ? new Set(path.map(({ id }) => id)) : undefined),
		[showsPath, path],
	);
	const [sharing, setSharing] = useState(false);
	const panel = useRef<HTMLElement>(null);
	usePlanFocus(panel, { nodeId, requestId, asking: ask === true && mayAsk });

	if (tree.isPending) {
		return (
			<div className="page-body">
				<LoadingRows rows={8} />
			</div>
		);
	}
	// Deleted, or no longer shared, while it was open.
	if (tree.data === undefined || isProblem(tree.error, "not_found")) {
		return (
			<div className="page-body">
				<LoadError error={tree.error} retry={() => void tree.refetch()} />
			</div>
		);
	}

	const { plan, nodes } = tree.data;
	const node = nodes.find(({ id }) => id === nodeId);
	const full = detail.data?.id === node?.id ? detail.data : undefined;
	const select = (id: string | undefined) => void navigate({ search: id === undefined ? {} : { node: id } });
	const openRequest = (id: string) => void navigate({ search: { node: nodeId, request: id } });

	return (
		<div className="page" key={planId}>
			<PlanHeader
				plan={plan}
				progress={tree.data.progress}
				actions={
					<>
						<ExportMenu plan={plan} />
						{roleMay(plan.role, "plans:manage") && (
							<Button variant="default" visibleFrom="sm" leftSection={<IconShare size={14} />} onClick={() => setSharing(true)}>
								Share
							</Button>
						)}
						<PlanMenu
							plan={plan}
							onShare={() => setSharing(true)}
							onDuplicated={(copy) =>
								void navigate({ to: "/projects/$projectId/plans/$planId", params: { projectId, planId: copy.id }, search: {} })
							}
							onDeleted={() =>
								void navigate({
									to: "/projects/$projectId/plans",
									params: { projectId },
									search: {},
									state: { deletedPlan: { id: plan.id, title: plan.title } },
								})
							}
						/>
					</>
				}
				renderRoutes={(onUnsaved) => <OwnerRoutes projectId={projectId} owner={{ kind: "plan", planId }} onUnsaved={onUnsaved} />}
			/>
			<GoalChips projectId={projectId} planId={planId} />
			<div className="plan-split" data-panel={node !== undefined}>
				<div className="plan-main">
					<PlanDescription plan={plan} />
					<SegmentedControl
						size="xs"
						className="plan-views"
						aria-label="What to show of the plan"
						data={[
							{ value: "tree", label: "Tree" },
							{ value: "timeline", label: "Timeline" },
							{ value: "deleted", label: "Deleted" },
						]}
						value={view ?? "tree"}
						onChange={(value) => void navigate({ search: value === "timeline" || value === "deleted" ? { view: value } : {} })}
					/>
					{view === "timeline" ? (
						<PlanActivity projectId={projectId} planId={planId} />
					) : view === "deleted" ? (
						<DeletedNodes plan={plan} />
					) : (
						<PlanTree
							data={tree.data}
							selectedId={nodeId}
							waits={waits}
							critical={critical}
							tools={
								<CriticalPathToggle
									projectId={projectId}
									planId={planId}
									shown={showsPath}
									onToggle={() => setShowsPath((shown) => !shown)}
								/>
							}
							workers={workers}
							onSelect={select}
							onAsk={(id) => void navigate({ search: { node: id, ask: true } })}
						/>
					)}
				</div>
				{node !== undefined && (
					<aside
						ref={panel}
						tabIndex={-1}
						className="plan-panel"
						aria-label={node.title}
						onKeyDown={(event) => {
							if (event.key === "Escape" && closesPanel(event)) select(undefined);
						}}
					>
						{requestId !== undefined ? (
							<>
								<div className="panel-bar">
									<Button
										variant="subtle"
										color="gray"
										px={6}
										leftSection={<IconArrowLeft size={15} />}
										onClick={() => select(node.id)}
										className="panel-back"
									>
										{node.title}
									</Button>
									<ActionIcon variant="subtle" color="gray" aria-label="Close the panel" onClick={() => select(undefined)}>
										<IconX size={16} />
									</ActionIcon>
								</div>
								<div className="panel-body">
									<RequestView key={requestId} projectId={projectId} requestId={requestId}>
										<RequestDecisions projectId={projectId} requestId={requestId} />
									</RequestView>
								</div>
							</>
						) : full === undefined ? (
							<div className="panel-body">
								{detail.isError ? <LoadError error={detail.error} retry={() => void detail.refetch()} /> : <LoadingRows rows={6} />}
							</div>
						) : (
							<NodePanel
								key={node.id}
								node={full}
								path={[plan.title, ...ancestorsOf(nodes, node.id).map(({ title }) => title)]}
								onClose={() => select(undefined)}
								onAsk={() => void navigate({ search: { node: node.id, ask: true } })}
							>
								<GoalChips projectId={projectId} planId={planId} nodeId={node.id} />
								<NodeDependencies node={full} />
								<NodeWork node={full} />
								<NodeDecisions node={full} soughtId={decisionId} />
								<NodeRequests projectId={projectId} nodeId={node.id} onOpen={openRequest} />
								<NodeActivity node={full} />
							</NodePanel>
						)}
					</aside>
				)}
			</div>
			<ShareModal projectId={projectId} planId={sharing ? planId : null} onClose={() => setSharing(false)} />
			{node !== undefined && ask === true && mayAsk && (
				<AskComposer
					key={node.id}
					node={node}
					onClose={() => void navigate({ search: { node: node.id }, replace: true })}
					onAsked={(request) => void navigate({ search: { node: node.id, request: request.id }, replace: true })}
				/>
			)}
		</div>
	);
};
