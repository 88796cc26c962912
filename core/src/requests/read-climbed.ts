import type { ClimbedStep, EventType } from "@agentplanner/contracts";
import { and, asc, eq, events, inArray } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

type Told = { do: ClimbedStep["do"]; reached: string };

const steps: Partial<Record<string, Told>> = {
	"agent.request.nudged": { do: "nudge", reached: "reminded" },
	"agent.request.rerouted": { do: "next_agent", reached: "deliveries" },
	"agent.request.escalated": { do: "escalate", reached: "told" },
} satisfies Partial<Record<EventType, Told>>;

/** What a request's ladder has done so far, as its events tell. */
export const readClimbed = async ({ db, projectId }: ProjectContext, requestId: string): Promise<ClimbedStep[]> => {
	const rows = await db
		.select({ type: events.type, data: events.data, at: events.occurredAt })
		.from(events)
		.where(and(eq(events.projectId, projectId), eq(events.subjectId, requestId), inArray(events.type, Object.keys(steps))))
		.orderBy(asc(events.id));
	return rows.flatMap(({ type, data, at }) => {
		const step = steps[type];
		return step ? [{ do: step.do, at: at.toISOString(), reached: Number(data[step.reached]) }] : [];
	});
};
