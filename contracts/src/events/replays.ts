import { z } from "zod";
import { eventsAbout, field } from "./define.ts";

const event = eventsAbout("replay");
const total = field(z.int(), "How many match", 2000);
const done = field(z.int(), "How many were sent again", 1996);

export const replayEvents = {
	"delivery.replay.started": event("Somebody has many messages sent again that had given up.", { total }),
	"delivery.replay.paused": event("A replay waits until somebody lets it go on.", { done }),
	"delivery.replay.resumed": event("A replay goes on.", { done }),
	"delivery.replay.cancelled": event("A replay was ended early; what it has sent stays sent.", { done }),
	"delivery.replay.finished": event("A replay is through.", { total, done }),
};
