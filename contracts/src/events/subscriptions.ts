import { z } from "zod";
import { eventsAbout, field, idField } from "./define.ts";
import { version } from "./fields.ts";

const event = eventsAbout("subscription");
const name = field(z.string(), "Its name", "n8n");
const until = field(z.int(), "The last position that is looked at", 4711);

export const subscriptionEvents = {
	"subscription.created": event("Somebody has events sent to a program outside.", {
		name,
		integration_id: idField("The integration that they go to", "31"),
		types: field(z.array(z.string()), "Which events", ["agent.request.*"]),
	}),
	"subscription.updated": event("What a subscription is sent was changed.", {
		version,
		fields: field(z.array(z.string()), "What of it was changed", ["types"]),
	}),
	"subscription.enabled": event("A subscription is sent events again.", {}),
	"subscription.disabled": event("A subscription is sent no more events.", {}),
	"subscription.deleted": event("A subscription was deleted.", { name }),
	"subscription.tested": event("A test was sent to a subscription.", { delivery_id: idField("The delivery of the test", "23") }),
	"subscription.replay.started": event("A subscription is sent what it missed.", {
		from_position: field(z.int(), "Events after this position", 4000),
		until_position: until,
	}),
	"subscription.replay.ended": event("A subscription has been sent what it missed.", { until_position: until }),
};
