import { z } from "zod";
import { eventsAbout, field, idField, nullable } from "./define.ts";
import { decisionId, nodeId } from "./fields.ts";

const [event, ofVote, ofCommand] = [eventsAbout("decision"), eventsAbout("vote"), eventsAbout("command")];
const place = {
	decision_id: decisionId,
	node_id: nodeId,
	agent_request_id: nullable(idField("The request in which an agent asked for it, if in one", "20")),
};
const closed = {
	...place,
	option_id: nullable(field(z.string(), "The option that was chosen; null without one", "approve")),
	via: nullable(field(z.string(), "Where it was decided: web, api, or the adapter's id; null where nobody did", "web")),
};

export const decisionEvents = {
	"agent.decision.requested": event("People are asked to decide something.", place),
	"agent.decision.decided": event("Somebody decided.", closed),
	"agent.decision.expired": event("A decision's deadline passed, and its rule decided or ended it.", closed),
	"agent.decision.cancelled": event("A decision was taken back.", closed),
	"agent.decision.lapsed": event("A decision's deadline passed, and it goes on waiting.", place),
	"agent.decision.escalated": event("A decision's deadline passed, and any admin may decide from now on.", place),
	"agent.decision.vote.received": ofVote(
		"Somebody chose an option on a platform; whether it counts is judged next.",
		{},
		{ trigger: true },
	),
	"person.command.received": ofCommand("Somebody wrote a command on a platform.", {}, { trigger: true }),
};
