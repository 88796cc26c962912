import { GoalStatus } from "../goals.ts";
import { change, eventsAbout, idField, nullable } from "./define.ts";
import { planId, title, version } from "./fields.ts";

const event = eventsAbout("goal");
const parentId = nullable(idField("The goal above it; null at the top", "26"));
const link = { plan_id: planId, node_id: nullable(idField("The node; null where the whole plan is linked", "11")) };

export const goalEvents = {
	"goal.created": event("A goal was set.", { title, parent_id: parentId }),
	"goal.updated": event("What a goal says was changed.", { version }),
	"goal.status.changed": event("A goal got another status.", change(GoalStatus, "The status", "active", "achieved")),
	"goal.linked": event("A plan or one of its nodes serves a goal from now on.", link),
	"goal.unlinked": event("A plan or one of its nodes no longer serves a goal.", link),
	"goal.deleted": event("A goal was deleted.", { title }),
	"goal.restored": event("A deleted goal was brought back.", { parent_id: parentId }),
};
