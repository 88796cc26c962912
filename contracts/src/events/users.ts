import { z } from "zod";
import { eventsAbout, field } from "./define.ts";
import { sessionId } from "./fields.ts";

const event = eventsAbout("user");
const provider = field(z.string(), "Who vouches for the linked account", "github");

/** Of no project: no subscription gets them. */
export const userEvents = {
	"user.registered": event("Somebody made an account.", { provider: provider.optional() }),
	"user.linked": event("A user linked an account elsewhere to theirs.", { provider }),
	"user.unlinked": event("A user unlinked an account elsewhere from theirs.", { provider }),
	"user.password.changed": event("A user's password was changed or reset.", {}),
	"session.started": event("A user signed in.", { session_id: sessionId }),
	"session.ended": event("A user signed out, or one of their sessions was ended.", { session_id: sessionId }),
};
