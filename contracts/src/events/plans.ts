import { z } from "zod";
import { PlanChangeKind } from "../plan-changes.ts";
import { PlanRole, PlanStatus, PlanVisibility } from "../plans.ts";
import { change, eventsAbout, field, idField, nullable } from "./define.ts";
import { changeId, planId, title, userId, version } from "./fields.ts";

const event = eventsAbout("plan");
const role = field(PlanRole, "The role in the plan", "editor");

export const planEvents = {
	"plan.created": event("A plan was made.", { title, copy_of: idField("The plan that it is a copy of", "15").optional() }),
	"plan.updated": event("A plan's title or description was changed.", { version }),
	"plan.imported": event("A plan was made from a document.", {
		nodes: field(z.int(), "How many nodes it has", 12),
		dependencies: field(z.int(), "How many dependencies it has", 3),
	}),
	"plan.status.changed": event("A plan got another status.", change(PlanStatus, "The status", "draft", "active")),
	"plan.visibility.changed": event("A plan is seen by others than before.", change(PlanVisibility, "Who sees it", "private", "project")),
	"plan.link.renewed": event("A public plan got a new link, which ended the one before.", {}),
	"plan.owner.changed": event("A plan belongs to somebody else.", {
		from: nullable(idField("Its owner before, if it had one", "40")),
		to: idField("Its owner now", "43"),
	}),
	"plan.collaborator.added": event("A plan was shared with somebody.", { user_id: userId, role }),
	"plan.collaborator.changed": event("A collaborator of a plan got another role.", {
		user_id: userId,
		...change(PlanRole, "The role in the plan", "viewer", "editor"),
	}),
	"plan.collaborator.removed": event("A plan is no longer shared with somebody.", { user_id: userId, role }),
	"plan.routes.changed": event("A plan's routes were replaced.", { count: field(z.int(), "How many routes there are now", 1) }),
	"plan.change.undone": event("A change of a plan was undone.", {
		plan_id: planId,
		change_id: changeId,
		kind: field(PlanChangeKind, "What the change was", "move"),
	}),
	"plan.deleted": event("A plan was put into the bin.", { title }),
	"plan.restored": event("A plan was taken out of the bin.", { title }),
};
