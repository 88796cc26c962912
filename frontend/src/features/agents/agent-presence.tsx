import type { Agent, Presence } from "@agentplanner/contracts";
import { IconCircleDashed, IconCircleDot, IconPlugConnectedX } from "@tabler/icons-react";
import { Moment } from "../../components/moment.tsx";
import { type Look, StatusBadge } from "../../components/status.tsx";

const presenceLooks: Record<Presence, Look> = {
	live: { label: "Working", tone: "green", icon: IconCircleDot },
	idle: { label: "Idle", tone: "blue", icon: IconCircleDashed },
	gone: { label: "Gone", tone: "red", icon: IconPlugConnectedX },
};

/** Whether an agent is there, as far as it said what to expect; else when it was heard of last. */
export const AgentPresence = ({ agent }: { agent: Agent }) => (
	<span className="agent-presence">
		{agent.presence !== null && <StatusBadge look={presenceLooks[agent.presence]} />}
		<span className="tiny dim">
			{agent.last_seen_at === null ? (
				"Not seen yet"
			) : (
				<>
					Seen <Moment at={agent.last_seen_at} />
				</>
			)}
		</span>
	</span>
);
