import type { DeadLetterFilter, DeadLetterGroup } from "@agentplanner/contracts";
import { IconMailOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { EmptyState, LoadError, LoadingRows } from "../../components/states.tsx";
import { type DeadLetterState, deadSummaryQuery } from "../../queries/dead-letters.ts";
import { useMay } from "../../queries/rights.ts";
import { CauseList } from "./cause-list.tsx";
import { DeadLetterList } from "./dead-letter-list.tsx";
import { DiscardModal } from "./discard-modal.tsx";
import { ReplayList } from "./replay-list.tsx";
import { ReplayModal } from "./replay-modal.tsx";
import "./dead-letters.css";

type Props = { projectId: string; filter: DeadLetterFilter; state: DeadLetterState };

type Asked = { what: "replay" | "discard"; group: DeadLetterGroup };

const filterOf = ({ reason, integration_id }: DeadLetterGroup): DeadLetterFilter => ({
	integration_id,
	reason: reason as NonNullable<DeadLetterFilter["reason"]>,
});

/** What gave up: why, what to do about it, and the ways out, for one or for all of a kind. */
export const DeadLetterView = ({ projectId, filter, state }: Props) => {
	const summary = useQuery(deadSummaryQuery(projectId));
	const mayRetry = useMay(projectId)("deliveries:retry");
	const [asked, setAsked] = useState<Asked | null>(null);
	const { data } = summary;
	const empty = data?.total === 0 && state === "open";
	return (
		<>
			<header className="page-bar">
				<title>Dead letters · AgentPlanner</title>
				<h1 className="page-title">Dead letters</h1>
				<DiscardedLink projectId={projectId} state={state} count={data?.discarded ?? 0} />
			</header>
			<div className="page-body">
				{mayRetry && state === "open" && <ReplayList projectId={projectId} />}
				{summary.isPending && <LoadingRows rows={6} />}
				{summary.isError && data === undefined && <LoadError error={summary.error} retry={() => void summary.refetch()} />}
				{empty && (
					<EmptyState icon={IconMailOff} title="Nothing has given up">
						A message that can't be delivered shows up here, with why and what to do about it. It is kept, and can be sent again.
					</EmptyState>
				)}
				{data !== undefined && !empty && state === "open" && (
					<CauseList
						projectId={projectId}
						groups={data.groups}
						chosen={filter}
						mayRetry={mayRetry}
						onReplay={(group) => setAsked({ what: "replay", group })}
						onDiscard={(group) => setAsked({ what: "discard", group })}
					/>
				)}
				{data !== undefined && !empty && <DeadLetterList projectId={projectId} filter={filter} state={state} mayRetry={mayRetry} />}
			</div>
			{asked !== null && (
				<>
					<ReplayModal
						projectId={projectId}
						group={asked.group}
						filter={filterOf(asked.group)}
						opened={asked.what === "replay"}
						onClose={() => setAsked(null)}
					/>
					<DiscardModal
						projectId={projectId}
						target={{ filter: filterOf(asked.group), count: asked.group.count }}
						opened={asked.what === "discard"}
						onClose={() => setAsked(null)}
					/>
				</>
			)}
		</>
	);
};

const DiscardedLink = ({ projectId, state, count }: { projectId: string; state: DeadLetterState; count: number }) =>
	state === "discarded" ? (
		<Link to="/projects/$projectId/dead-letters" params={{ projectId }} search={{}} className="text-link small bar-end">
			Back to those that wait
		</Link>
	) : count > 0 ? (
		<Link to="/projects/$projectId/dead-letters" params={{ projectId }} search={{ discarded: true }} className="text-link small bar-end">
			Discarded ({count})
		</Link>
	) : null;
