import { ActionIcon, CloseButton, ScrollArea, Tooltip } from "@mantine/core";
import {
	IconHistory,
	IconListTree,
	IconMailOff,
	IconMessageQuestion,
	IconPlugConnected,
	IconPlus,
	IconRobot,
	IconSettings,
	IconTarget,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { LoadingRows } from "../../components/states.tsx";
import { undecidedRequestsQuery } from "../../queries/decisions.ts";
import { plansQuery } from "../../queries/plans.ts";
import { recentRequestsQuery } from "../../queries/requests.ts";
import { useMay } from "../../queries/rights.ts";
import { AccountMenu } from "./account-menu.tsx";
import { CreatePlanModal } from "./create-plan-modal.tsx";
import { LiveHint } from "./live-hint.tsx";
import { ProjectMenu } from "./project-menu.tsx";

export const Sidebar = ({ projectId, onClose }: { projectId: string; onClose: () => void }) => {
	const navigate = useNavigate();
	const may = useMay(projectId);
	const mayWrite = may("plans:write");
	const mayReadGoals = may("goals:read");
	const [creating, setCreating] = useState(false);
	return (
		<>
			<div className="sidebar-top">
				<ProjectMenu projectId={projectId} />
				<CloseButton hiddenFrom="sm" aria-label="Close the menu" onClick={onClose} />
			</div>
			<ScrollArea className="sidebar-scroll" type="auto" scrollbarSize={6}>
				<nav aria-label="Sections" className="sidebar-group">
					<RequestsLink projectId={projectId} />
					{mayReadGoals && (
						<Link to="/projects/$projectId/goals" params={{ projectId }} className="sidebar-link">
							<IconTarget size={16} aria-hidden />
							Goals
						</Link>
					)}
					<Link to="/projects/$projectId/timeline" params={{ projectId }} className="sidebar-link">
						<IconHistory size={16} aria-hidden />
						Timeline
					</Link>
					{may("agents:read") && (
						<Link to="/projects/$projectId/agents" params={{ projectId }} className="sidebar-link">
							<IconRobot size={16} aria-hidden />
							Agents
						</Link>
					)}
					{may("integrations:read") && (
						<Link to="/projects/$projectId/integrations" params={{ projectId }} className="sidebar-link">
							<IconPlugConnected size={16} aria-hidden />
							Integrations
						</Link>
					)}
					<Link to="/projects/$projectId/dead-letters" params={{ projectId }} className="sidebar-link">
						<IconMailOff size={16} aria-hidden />
						Dead letters
					</Link>
					<Link to="/projects/$projectId/settings" params={{ projectId }} className="sidebar-link">
						<IconSettings size={16} aria-hidden />
						Settings
					</Link>
				</nav>
				<div className="sidebar-heading">
					<h2 className="section-title" id="plans-heading">
						<Link to="/projects/$projectId/plans" params={{ projectId }} activeOptions={{ exact: true }} className="sidebar-plans">
							Plans
						</Link>
					</h2>
					{mayWrite && (
						<Tooltip label="New plan">
							<ActionIcon variant="subtle" color="gray" size="sm" aria-label="New plan" onClick={() => setCreating(true)}>
								<IconPlus size={15} />
							</ActionIcon>
						</Tooltip>
					)}
				</div>
				<nav aria-labelledby="plans-heading" className="sidebar-group">
					<PlanLinks projectId={projectId} />
				</nav>
			</ScrollArea>
			<div className="sidebar-bottom">
				<LiveHint />
				<AccountMenu />
			</div>
			<CreatePlanModal
				projectId={projectId}
				opened={creating}
				onClose={() => setCreating(false)}
				onCreated={(planId) => void navigate({ to: "/projects/$projectId/plans/$planId", params: { projectId, planId } })}
			/>
		</>
	);
};

const PlanLinks = ({ projectId }: { projectId: string }) => {
	const plans = useQuery(plansQuery(projectId));
	if (plans.isPending) return <LoadingRows rows={3} height={12} />;
	if (plans.isError) return <p className="sidebar-note">Plans could not be read. {plans.error.message}</p>;
	if (plans.data.items.length === 0) return <p className="sidebar-note">No plans yet</p>;
	const shown = plans.data.items.filter(({ status }) => status !== "archived");
	if (shown.length === 0) return <p className="sidebar-note">All plans are archived</p>;
	return shown.map((plan) => (
		<Link key={plan.id} to="/projects/$projectId/plans/$planId" params={{ projectId, planId: plan.id }} className="sidebar-link">
			<IconListTree size={16} aria-hidden />
			<span className="truncate">{plan.title}</span>
		</Link>
	));
};

/** Counts what waits for a person: an agent asked back, or people must decide something. */
const RequestsLink = ({ projectId }: { projectId: string }) => {
	const recent = useQuery(recentRequestsQuery(projectId));
	const undecided = useQuery(undecidedRequestsQuery(projectId)).data;
	const waiting = recent.data?.items.filter(({ id, status }) => status === "input_required" || undecided?.has(id)).length ?? 0;
	return (
		<Link to="/projects/$projectId/requests" params={{ projectId }} className="sidebar-link">
			<IconMessageQuestion size={16} aria-hidden />
			Requests
			{waiting > 0 && (
				<span className="sidebar-count num" title={`${waiting} waiting for people`}>
					{waiting}
					<span className="visually-hidden"> waiting for people</span>
				</span>
			)}
		</Link>
	);
};
