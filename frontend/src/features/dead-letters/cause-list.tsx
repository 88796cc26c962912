import type { DeadLetterFilter, DeadLetterGroup } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Moment } from "../../components/moment.tsx";

type Props = {
	projectId: string;
	groups: DeadLetterGroup[];
	chosen: DeadLetterFilter;
	mayRetry: boolean;
	onReplay: (group: DeadLetterGroup) => void;
	onDiscard: (group: DeadLetterGroup) => void;
};

/** What gave up by its cause, the most frequent first, each with its remedy and what can be done with all of it. */
export const CauseList = ({ projectId, groups, chosen, mayRetry, onReplay, onDiscard }: Props) => (
	<section aria-labelledby="causes-heading" className="dead-section">
		<h2 className="section-title" id="causes-heading">
			By cause
		</h2>
		<ul className="causes">
			{groups.map((group) => {
				const isChosen = chosen.integration_id === group.integration_id && chosen.reason === group.reason;
				return (
					<li key={`${group.reason} ${group.integration_id}`} className="card cause" data-chosen={isChosen || undefined}>
						<div className="cause-head">
							<span className="cause-count num">{group.count}</span>
							<div>
								<strong>{group.title}</strong>
								<div className="tiny dim">
									{group.integration_name}
									{!group.integration_enabled && " (disabled)"} · the oldest <Moment at={group.oldest_at} />
								</div>
							</div>
						</div>
						{group.last_message !== "" && <p className="small wrap">{group.last_message}</p>}
						<p className="small wrap">
							<strong>What to do:</strong> {group.remedy}
						</p>
						<div className="cause-actions">
							{mayRetry && (
								<>
									<Button variant="default" size="compact-sm" leftSection={<IconRefresh size={14} />} onClick={() => onReplay(group)}>
										Send all again…
									</Button>
									<Button variant="subtle" color="gray" size="compact-sm" onClick={() => onDiscard(group)}>
										Discard…
									</Button>
								</>
							)}
							<Link
								to="/projects/$projectId/dead-letters"
								params={{ projectId }}
								search={
									isChosen ? {} : { integration: group.integration_id, reason: group.reason as NonNullable<DeadLetterFilter["reason"]> }
								}
								className="text-link small bar-end"
							>
								{isChosen ? "Show all" : "Show only these"}
							</Link>
						</div>
					</li>
				);
			})}
		</ul>
	</section>
);
