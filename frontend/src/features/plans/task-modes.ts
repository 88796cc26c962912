import type { TaskMode } from "@agentplanner/contracts";
import { IconHammer, IconListDetails, IconSearch, IconSparkles } from "@tabler/icons-react";

export const taskModeLooks = {
	research: { label: "Research", icon: IconSearch, about: "Find out; change nothing" },
	plan: { label: "Plan", icon: IconListDetails, about: "Work out how to do it" },
	implement: { label: "Implement", icon: IconHammer, about: "Do it" },
	free: { label: "Free", icon: IconSparkles, about: "Up to whoever does it" },
} as const satisfies Record<TaskMode, unknown>;
