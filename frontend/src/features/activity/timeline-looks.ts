import type { TimelineGroup } from "@agentplanner/contracts";
import {
	IconGavel,
	IconListTree,
	IconMessage2,
	IconMessageQuestion,
	IconNotes,
	IconRobot,
	IconSend,
	IconSettings,
	IconSubtask,
	IconTarget,
} from "@tabler/icons-react";
import type { ComponentType } from "react";

export const groupLooks: Record<TimelineGroup, { label: string; icon: ComponentType<{ size?: number; "aria-hidden"?: boolean }> }> = {
	plan: { label: "Plans", icon: IconListTree },
	node: { label: "Tasks", icon: IconSubtask },
	goal: { label: "Goals", icon: IconTarget },
	comment: { label: "Comments", icon: IconMessage2 },
	log: { label: "Log", icon: IconNotes },
	request: { label: "Requests", icon: IconMessageQuestion },
	decision: { label: "Decisions", icon: IconGavel },
	message: { label: "Messages sent", icon: IconSend },
	agent: { label: "Agents", icon: IconRobot },
	project: { label: "People and settings", icon: IconSettings },
};
