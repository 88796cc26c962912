import type { Agent } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { agentClaimsQuery } from "../../queries/claims.ts";
import { formatTime } from "../../time/format.ts";

/** What an agent holds, and until when. */
export const AgentWork = ({ agent }: { agent: Agent }) => {
	const claims = useQuery(agentClaimsQuery(agent.project_id, agent.id));
	if (claims.isPending) return <LoadingRows rows={1} />;
	if (claims.data === undefined) return <LoadError error={claims.error} retry={() => void claims.refetch()} />;
	if (claims.data.items.length === 0)
		return (
			<p className="small dim" style={{ margin: 0 }}>
				It has claimed no task.
			</p>
		);
	return (
		<ul className="agent-work small">
			{claims.data.items.map((claim) => (
				<li key={claim.id}>
					<Link
						to="/projects/$projectId/plans/$planId"
						params={{ projectId: claim.project_id, planId: claim.plan_id }}
						search={{ node: claim.node.id }}
						className="text-link"
					>
						{claim.node.title}
					</Link>{" "}
					<span className="dim num">until {formatTime(claim.lease_until)}</span>
				</li>
			))}
		</ul>
	);
};
