import type { NodeKind } from "@agentplanner/contracts";
import { IconFlag, IconSquareRounded, IconStack2 } from "@tabler/icons-react";

export const nodeKindLooks = {
	phase: { label: "Phase", icon: IconStack2 },
	task: { label: "Task", icon: IconSquareRounded },
	milestone: { label: "Milestone", icon: IconFlag },
} as const satisfies Record<NodeKind, unknown>;
