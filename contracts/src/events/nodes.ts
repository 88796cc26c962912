import { z } from "zod";
import { Assignee } from "../assignments.ts";
import { DependencyKind } from "../dependencies.ts";
import { LogKind } from "../logs.ts";
import { NodeKind, NodeStatus } from "../node-terms.ts";
import { Id } from "../values.ts";
import { change, eventsAbout, exampleId, field, idField, nullable } from "./define.ts";
import { changeId, claimId, nodeId, parentId, planId, title, version } from "./fields.ts";

const [event, ofLog] = [eventsAbout("node"), eventsAbout("log")];

const upstreamId = idField("The node that blocks, or one of the two that are related", "16");
const downstreamId = idField("The node that waits, or the other one of the two", "11");
const dependency = {
	plan_id: planId,
	node_id: nodeId,
	dependency_id: idField("The dependency", "17"),
	kind: field(DependencyKind, "What the two nodes are to each other", "blocks"),
	upstream_id: upstreamId,
	downstream_id: downstreamId,
};

const claim = {
	plan_id: planId,
	claim_id: claimId,
	fence: field(z.int(), "Its fence, one more than that of the node's claim before", 3),
	user_id: field(Id.nullable(), "The user whose it is or was; null where it is an agent's", null),
	agent_id: nullable(idField("The agent whose it is or was; null where it is a user's", "30")),
};

export const nodeEvents = {
	"node.created": event("A node was added to a plan.", {
		plan_id: planId,
		parent_id: parentId,
		kind: field(NodeKind, "What it is", "task"),
		title,
	}),
	"node.updated": event("What a node says was changed.", { plan_id: planId, version }),
	"node.moved": event("A node was moved within its plan.", {
		plan_id: planId,
		from_parent_id: nullable(idField("The node above it before; null at the top", "12")),
		to_parent_id: nullable(idField("The node above it now; null at the top", "18")),
		after_id: nullable(idField("The node that it stands after now; null where it is the first", "19")),
	}),
	"node.status.changed": event("A node got another status.", {
		plan_id: planId,
		...change(NodeStatus, "The status", "not_started", "in_progress"),
		decision_id: idField("The blocking decision that stopped the node or let it go on", "22").optional(),
	}),
	"node.unblocked": event("A node waits for nothing more and can be begun.", {
		plan_id: planId,
		node_id: nodeId,
		upstream_ids: field(z.array(upstreamId), "The nodes that it waited for last", [exampleId("16")]),
	}),
	"node.deleted": event("A node was deleted, with all below it.", { plan_id: planId, parent_id: parentId, title, change_id: changeId }),
	"node.restored": event("A deleted node was brought back, with what was deleted along with it.", {
		plan_id: planId,
		parent_id: parentId,
		title,
		change_id: changeId,
	}),
	"node.dependency.added": event("A node waits for another one from now on, or was related to it.", {
		...dependency,
		upstream_plan_id: idField("The plan of the node that blocks", "10"),
	}),
	"node.dependency.removed": event("A node no longer waits for another one, or is no longer related to it.", dependency),
	"node.assignments.changed": event("Others are assigned to a node than before.", {
		plan_id: planId,
		assignees: field(z.array(Assignee), "All who are assigned now", [{ agent_id: exampleId("30") }]),
	}),
	"node.claimed": event("A user or an agent took the right to work on a node.", claim),
	"node.claim.released": event("A claim was given back, or ended since its node was deleted or set back to the start.", claim),
	"node.claim.expired": event("A claim's lease ran out.", claim),
	"node.claim.broken": event("A claim was taken away from who held it.", claim),
	"node.claim.finished": event("A claim ended since its node was completed or cancelled.", claim),
	"node.logged": ofLog("Something about the work on a node was noted.", {
		plan_id: planId,
		node_id: nodeId,
		kind: field(LogKind, "What the note is", "progress"),
		agent_request_id: nullable(idField("The request in which it was noted, if in one", "20")),
	}),
};
