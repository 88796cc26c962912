import type { Route } from "@agentplanner/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadingRows } from "../../components/states.tsx";
import { useMay, useMayInPlan } from "../../queries/rights.ts";
import { type RouteOwner, routesQuery, setRoutes } from "../../queries/routes.ts";
import { RouteEditor } from "./route-editor.tsx";

const empty: Record<RouteOwner["kind"], string> = {
	agent: "No route of its own: its questions go where the plan's or the project's routes say. Add one to reach it directly.",
	plan: "No routes of its own: questions without a named agent go to the project's default routes; those in a private plan nowhere.",
	project: "None: a question without a named agent has nowhere to go.",
};

type Props = { projectId: string; owner: RouteOwner; onUnsaved?: (unsaved: boolean) => void };

/** The routes of an agent, a plan or the project. */
export const OwnerRoutes = ({ projectId, owner, onUnsaved }: Props) => {
	const client = useQueryClient();
	const may = useMay(projectId);
	const mayInPlan = useMayInPlan(projectId, owner.kind === "plan" ? owner.planId : undefined);
	// Whoever doesn't see the integrations can't choose among them.
	const mayWrite = may("integrations:read") && (owner.kind === "plan" ? mayInPlan : may)("routes:write");
	const query = routesQuery(projectId, owner);
	const routes = useQuery(query);
	if (routes.isPending) return <LoadingRows rows={2} />;
	if (routes.data === undefined) return <ErrorNotice error={routes.error} />;
	if (!mayWrite) return <RouteView routes={routes.data.items} empty={empty[owner.kind]} />;
	return (
		<RouteEditor
			projectId={projectId}
			list={routes.data}
			save={async (version, input) => client.setQueryData(query.queryKey, await setRoutes(projectId, owner, version, input))}
			empty={empty[owner.kind]}
			onUnsaved={onUnsaved}
		/>
	);
};

/** For those who may only read. */
const RouteView = ({ routes, empty: none }: { routes: Route[]; empty: string }) =>
	routes.length === 0 ? (
		<p className="small dim">{none}</p>
	) : (
		<ol className="small">
			{routes.map((route) => (
				<li key={route.id}>{[route.integration_name, route.address].filter((part) => part !== "").join(" · ")}</li>
			))}
		</ol>
	);
