import { z } from "zod";
import { ResponseKind } from "../responses.ts";
import { eventsAbout, field, nullable } from "./define.ts";
import { agentId, nodeId, requestId } from "./fields.ts";

const [event, ofResponse] = [eventsAbout("request"), eventsAbout("response")];
const place = { agent_request_id: requestId, node_id: nodeId };
const ended = { ...place, reason: nullable(field(z.string(), "Why, as a code; null where that says nothing more", "declined")) };

export const requestEvents = {
	"agent.request.created": event("Somebody asked an agent about a node.", place, { trigger: true }),
	"agent.request.dispatched": event("A request is on its way to all who are asked.", {
		...place,
		deliveries: field(z.int(), "To how many addresses", 1),
	}),
	"agent.request.working": event("An agent works on a request.", place),
	"agent.request.progressed": event("An agent said how far its work on a request is.", place),
	"agent.request.input.required": event("An agent asked something back and waits for a person's reply.", place),
	"agent.request.replied": event("A person replied to what an agent asked back.", place),
	"agent.request.nudged": event("Agents that owe an answer were reminded.", {
		...place,
		reminded: field(z.int(), "How many agents, or channels without one", 1),
	}),
	"agent.request.rerouted": event("The next of those whom a request names was asked, since the others haven't answered or can't.", {
		...place,
		agent_id: nullable(agentId),
		deliveries: field(z.int(), "To how many addresses", 1),
	}),
	"agent.request.escalated": event("People were told that a request waits for an answer.", {
		...place,
		told: field(z.int(), "At how many addresses, beside here", 1),
	}),
	"agent.request.reopened": event("A request that had failed or expired goes on.", place),
	"agent.request.completed": event("A request has the answers that were asked for.", ended),
	"agent.request.rejected": event("All who were asked declined.", ended),
	"agent.request.failed": event("Nobody can answer a request any more.", ended),
	"agent.request.expired": event("A request ended unanswered, at its deadline or by its ladder.", ended),
	"agent.request.cancelled": event("A request was taken back.", ended),
	"agent.response.received": ofResponse(
		"An agent or a person answered a request, declined it or asked something back.",
		{ agent_request_id: requestId, kind: field(ResponseKind, "What was said", "answer") },
		{ trigger: true },
	),
	"agent.response.applied": ofResponse("A response was counted, or kept as one that came too late.", {
		...place,
		outcome: field(z.enum(["accepted", "superseded"]), "Whether it counts", "accepted"),
	}),
};
