import type { RequestPreview } from "@agentplanner/contracts";
import { IconArrowRight, IconPlugConnected } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { ContextView } from "../../components/context-view.tsx";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { LoadingRows } from "../../components/states.tsx";
import { withKeys } from "../../lib/with-keys.ts";
import { useAdapterLabel } from "../../queries/integrations.ts";

const sources: Record<RequestPreview["destinations"][number]["source"], string> = {
	request: "chosen here",
	agent: "the agent's route",
	plan: "the plan's route",
	project: "the project's default route",
};

type Props = { query: UseQueryResult<RequestPreview>; waiting: string | null; stale: boolean };

/** Where the question would go and what would go with it, before anything is sent. */
export const AskPreview = ({ query, waiting, stale }: Props) => (
	<div className="preview" aria-busy={stale || query.isFetching}>
		<section aria-labelledby="goes-to">
			<h3 className="section-title" id="goes-to">
				Goes to
			</h3>
			{waiting !== null ? <p className="small dim ask-hint">{waiting}</p> : <Destinations query={query} />}
		</section>
		{query.data !== undefined && (
			<section aria-labelledby="goes-with">
				<h3 className="section-title" id="goes-with">
					Context sent along
				</h3>
				<ContextView context={query.data.context} />
			</section>
		)}
	</div>
);

/** Who is asked by somebody else's route, for want of an own one: the question may end up with another agent. */
const Detours = ({ destinations }: Pick<RequestPreview, "destinations">) => {
	const detours = destinations.filter(({ agent, source }) => agent !== null && (source === "plan" || source === "project"));
	const names = [...new Set(detours.map(({ agent }) => agent?.name))];
	return names.map((name) => {
		const ways = detours.filter(({ agent }) => agent?.name === name);
		const route = ways[0]?.source === "plan" ? "the plan's route" : "the project's default route";
		return (
			<Notice key={name} tone="amber" title={`${name} has no route of its own`}>
				This goes by {route} to {ways.map(({ integration_name }) => integration_name).join(" and ")}.
			</Notice>
		);
	});
};

const Way = ({ to }: { to: RequestPreview["destinations"][number] }) =>
	[useAdapterLabel(to.adapter), to.address, sources[to.source]].filter((part) => part !== "").join(" · ");

const Destinations = ({ query }: { query: UseQueryResult<RequestPreview> }) => {
	if (query.isPending) return <LoadingRows rows={3} />;
	if (query.data === undefined) {
		return <ErrorNotice error={query.error}>You can still send; the server checks it again.</ErrorNotice>;
	}
	const { problem, destinations } = query.data;
	return (
		<>
			{problem !== null && (
				<Notice tone="red" title={problem.message}>
					{problem.remedy}
				</Notice>
			)}
			<Detours destinations={destinations} />
			<ul className="destinations">
				{withKeys(destinations, (to) => `${to.agent?.id} ${to.integration_name}`).map(({ key, item: to }) => (
					<li key={key}>
						<IconPlugConnected size={16} aria-hidden className="dim" />
						<div>
							<div className="destination-name">
								{to.agent !== null && (
									<>
										<strong>{to.agent.name}</strong>
										<IconArrowRight size={13} aria-label="through" className="dim" />
									</>
								)}
								<span>{to.integration_name}</span>
							</div>
							<div className="tiny dim">
								<Way to={to} />
							</div>
							{to.held !== null && (
								<div className="tiny destination-held">
									Would wait: {to.held.message} {to.held.remedy}
								</div>
							)}
						</div>
					</li>
				))}
			</ul>
		</>
	);
};
