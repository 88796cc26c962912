import type { GoalStatus } from "@agentplanner/contracts";
import { IconCircleCheckFilled, IconCircleDashed, IconCircleOff, IconPlayerPause, IconTarget } from "@tabler/icons-react";
import type { Look } from "../../components/status.tsx";

export const goalStatusLooks: Record<GoalStatus, Look> = {
	draft: { label: "Draft", tone: "gray", icon: IconCircleDashed },
	active: { label: "Active", tone: "blue", icon: IconTarget },
	achieved: { label: "Achieved", tone: "green", icon: IconCircleCheckFilled },
	paused: { label: "Paused", tone: "amber", icon: IconPlayerPause },
	abandoned: { label: "Abandoned", tone: "gray", icon: IconCircleOff },
};
