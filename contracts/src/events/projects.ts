import { z } from "zod";
import { PlanRole } from "../plans.ts";
import { Role } from "../projects.ts";
import { change, eventsAbout, exampleId, field, idField, nullable } from "./define.ts";
import { invitationId, planId, userId, version } from "./fields.ts";

const [ofProject, ofMember, ofInvitation, ofToken] = [
	eventsAbout("project"),
	eventsAbout("member"),
	eventsAbout("invitation"),
	eventsAbout("token"),
];
const name = field(z.string(), "Its name", "Marketing");
const role = field(Role, "The role in the project", "editor");
const tokenUserId = idField("The user whose token it is; an agent's own has none", "43");

export const projectEvents = {
	"project.created": ofProject("A project was made.", { name }),
	"project.updated": ofProject("A project's settings were changed.", { version, name }),
	"project.routes.changed": ofProject("The project's default routes were replaced.", {
		count: field(z.int(), "How many routes there are now", 1),
	}),
	"project.promise.broken": ofProject(
		"Something was found that must never be, such as a message that nothing will send. Told once, until it is over.",
		{
			rule: field(z.string(), "What must never be", "open delivery without a timer"),
			count: field(z.int(), "How often it was found", 1),
			subjects: field(z.array(z.string()), "Some of the rows, by id", [exampleId("23")]),
		},
	),
	"project.promise.kept": ofProject("What was found and must never be is over.", {
		rule: field(z.string(), "What must never be", "open delivery without a timer"),
	}),
	"project.member.added": ofMember("Somebody became a member of the project.", {
		role,
		invitation_id: invitationId.optional(),
		by: nullable(idField("The user who shared a plan with them, which made them a guest", "40")).optional(),
	}),
	"project.member.changed": ofMember("A member got another role.", change(Role, "The role", "viewer", "editor")),
	"project.member.removed": ofMember("Somebody is no longer a member of the project.", { role }),
	"invitation.created": ofInvitation("Somebody was invited to the project, or to one of its plans.", {
		role,
		plan_id: planId.optional(),
		plan_role: field(PlanRole, "The role in that plan", "editor").optional(),
	}),
	"invitation.accepted": ofInvitation("An invitation was accepted.", { user_id: userId, plan_id: planId.optional() }),
	"invitation.revoked": ofInvitation("An invitation was withdrawn.", { plan_id: planId.optional() }),
	"token.created": ofToken("An API token was made.", { user_id: tokenUserId.optional() }),
	"token.revoked": ofToken("An API token was revoked.", { user_id: tokenUserId.optional() }),
};
