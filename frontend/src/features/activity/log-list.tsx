import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LoadMore } from "../../components/load-more.tsx";
import { UntrustedMarkdown } from "../../components/markdown.tsx";
import { Moment } from "../../components/moment.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { logsQuery } from "../../queries/logs.ts";
import { useMayInPlan } from "../../queries/rights.ts";
import { AuthorMark } from "./author-mark.tsx";
import { LogComposer } from "./log-composer.tsx";
import { logLooks } from "./log-looks.ts";

/** What agents and people noted at work on a node, the newest first. */
export const LogList = ({ projectId, planId, nodeId }: { projectId: string; planId: string; nodeId: string }) => {
	const logs = useInfiniteQuery(logsQuery(projectId, nodeId, undefined));
	const mayWrite = useMayInPlan(projectId, planId)("plans:work");
	const items = logs.data?.pages.flatMap((page) => page.items) ?? [];
	return (
		<div className="activity-column">
			{mayWrite && <LogComposer projectId={projectId} nodeId={nodeId} />}
			{logs.isPending && <LoadingRows rows={2} />}
			{logs.isError && logs.data === undefined && <LoadError error={logs.error} retry={() => void logs.refetch()} />}
			{logs.data !== undefined && items.length === 0 && (
				<p className="small dim activity-empty">Nothing noted yet. Agents note here how far they are, why, and what stands in the way.</p>
			)}
			{items.length > 0 && (
				<ol className="log-list">
					{items.map((log) => (
						<li key={log.id} className="log-entry">
							<div className="comment-head">
								<StatusBadge look={logLooks[log.kind]} />
								<AuthorMark isAgent={log.written_by_agent_id !== null} />
								<strong className="wrap">{log.written_by}</strong>
								<span className="tiny dim">
									<Moment at={log.created_at} />
									{log.agent_request_id !== null && (
										<>
											,{" "}
											<Link
												to="/projects/$projectId/requests/$requestId"
												params={{ projectId, requestId: log.agent_request_id }}
												className="text-link"
											>
												in a request
											</Link>
										</>
									)}
								</span>
							</div>
							<UntrustedMarkdown text={log.text} />
						</li>
					))}
				</ol>
			)}
			<LoadMore query={logs} label="Show older notes" />
		</div>
	);
};
