import { randomBytes } from "node:crypto";
import type { WakeMetadata } from "../workflow.ts";

type Source = { projectId: string | null; traceId: string | null; agentRequestId: unknown };

/** What the engine's dashboard can be searched by, and the trace that goes on. */
export const wakeMetadata = ({ projectId, traceId, agentRequestId }: Source): WakeMetadata => ({
	...(projectId ? { projectId } : {}),
	...(typeof agentRequestId === "string" ? { agentRequestId } : {}),
	// The event keeps its trace's id alone; the span that emitted it is over, so the relay stands in as the parent.
	...(traceId && /^[0-9a-f]{32}$/.test(traceId) ? { traceparent: `00-${traceId}-${randomBytes(8).toString("hex")}-01` } : {}),
});
