import { z } from "zod";
import { Version } from "../values.ts";
import { field, idField, nullable } from "./define.ts";

// The same name means the same thing in every event.

export const projectId = idField("The project", "02");
export const planId = idField("The plan", "10");
export const nodeId = idField("The node: a phase, task or milestone", "11");
export const parentId = nullable(idField("The node above it; null at the top of the plan", "12"));
export const changeId = idField("The change of the plan that can be undone", "13");
export const claimId = idField("The claim", "14");
export const requestId = idField("The request", "20");
export const decisionId = idField("The decision", "22");
export const deliveryId = idField("The delivery", "23");
export const commentId = idField("The comment", "24");
export const goalId = idField("The goal", "29");
export const agentId = idField("The agent", "30");
export const integrationId = idField("The integration", "31");
export const userId = idField("The user", "43");
export const invitationId = idField("The invitation", "41");
export const sessionId = idField("The session", "42");

export const version = field(Version, "Its version from now on", 2);
export const title = field(z.string(), "Its title", "Launch the new pricing");
