import { agents, routes } from "./agents.ts";
import { assignments } from "./assignments.ts";
import { audit } from "./audit.ts";
import { claims } from "./claims.ts";
import { comments } from "./comments.ts";
import { deadLetters } from "./dead-letters.ts";
import { decisions } from "./decisions.ts";
import { deliveries } from "./deliveries.ts";
import { dependencies } from "./dependencies.ts";
import { documents } from "./documents.ts";
import { events } from "./events.ts";
import { goals } from "./goals.ts";
import { health } from "./health.ts";
import { integrations } from "./integrations.ts";
import { logs } from "./logs.ts";
import { members } from "./members.ts";
import { nodes } from "./nodes.ts";
import { plans } from "./plans.ts";
import { projects } from "./projects.ts";
import { requests } from "./requests.ts";
import { messages } from "./send-message.ts";
import { sharing } from "./sharing.ts";
import { subscriptions } from "./subscriptions.ts";
import { timelines } from "./timelines.ts";
import { tokens } from "./tokens.ts";
import { auth } from "./users.ts";

/** Every endpoint under `/api/v1`, by feature. */
export const apiContract = {
	auth,
	projects,
	members,
	tokens,
	plans,
	nodes,
	sharing,
	dependencies,
	documents,
	goals,
	comments,
	logs,
	timelines,
	agents,
	assignments,
	claims,
	routes,
	integrations,
	requests,
	decisions,
	messages,
	deliveries,
	deadLetters,
	events,
	subscriptions,
	audit,
	health,
};
export type ApiContract = typeof apiContract;
