import type { LogKind } from "@agentplanner/contracts";
import { IconAlertTriangle, IconBulb, IconGavel, IconProgress } from "@tabler/icons-react";
import type { Look } from "../../components/status.tsx";

export const logLooks: Record<LogKind, Look> = {
	progress: { label: "Progress", tone: "blue", icon: IconProgress },
	reasoning: { label: "Reasoning", tone: "gray", icon: IconBulb },
	challenge: { label: "Challenge", tone: "orange", icon: IconAlertTriangle },
	decision: { label: "Decision", tone: "green", icon: IconGavel },
};
