import { z } from "zod";
import { Timestamp } from "../values.ts";
import { eventsAbout, field } from "./define.ts";
import { version } from "./fields.ts";

const event = eventsAbout("agent");

export const agentEvents = {
	"agent.created": event("An agent was added to the project.", { name: field(z.string(), "Its name", "Researcher") }),
	"agent.updated": event("What an agent is called or can do was changed.", { version }),
	"agent.routes.changed": event("An agent's routes were replaced.", { count: field(z.int(), "How many routes there are now", 1) }),
	"agent.gone": event("An agent that promised to say that it is there missed three beats.", {
		last_seen_at: field(Timestamp, "When it last gave a sign", "2026-08-20T09:30:00.000Z"),
	}),
	"agent.returned": event("An agent that was gone gave a sign again.", {}),
};
