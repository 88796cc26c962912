import { z } from "zod";
import { eventsAbout, field, idField, nullable } from "./define.ts";
import { commentId, planId, version } from "./fields.ts";

const [event, ofMention] = [eventsAbout("comment"), eventsAbout("mention")];
const place = { plan_id: planId, node_id: nullable(idField("The node; null where it is about the whole plan", "11")) };

export const commentEvents = {
	"comment.created": event("Somebody commented, or replied to a comment.", {
		...place,
		parent_id: nullable(idField("The comment that it replies to; null where it begins a thread", "25")),
	}),
	"comment.edited": event("A comment was changed.", { ...place, version }),
	"comment.deleted": event("A comment was deleted.", place),
	"comment.resolved": event("A thread of comments was settled.", place),
	"comment.reopened": event("A settled thread was taken up again.", place),
	"member.mentioned": ofMention("A comment mentions a member, who is the subject.", {
		...place,
		comment_id: commentId,
		name: field(z.string(), "The member's name", "Grace Hopper"),
	}),
};
