import type { Subscription } from "@agentplanner/contracts";
import { IconAlertTriangle, IconBan, IconCircleCheckFilled, IconHourglass, IconPlayerPause } from "@tabler/icons-react";
import type { Look } from "../../components/status.tsx";

export const subscriptionLooks: Record<Subscription["state"], Look> = {
	active: { label: "Active", tone: "green", icon: IconCircleCheckFilled },
	failing: { label: "Failing", tone: "orange", icon: IconAlertTriangle },
	held: { label: "Held", tone: "amber", icon: IconHourglass },
	disabled: { label: "Disabled", tone: "red", icon: IconBan },
	paused: { label: "Paused", tone: "gray", icon: IconPlayerPause },
};

/** The condition as it is typed and stored. */
export const conditionText = (condition: Subscription["condition"]): string =>
	condition === null ? "" : JSON.stringify(condition, null, 2);
