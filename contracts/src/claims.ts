import { z } from "zod";
import { endpoint, IdempotencyHeaders } from "./endpoint.ts";
import { TaskFilter } from "./node-terms.ts";
import { NodeParams, PlanNode } from "./plan-nodes.ts";
import { ProjectParams } from "./projects.ts";
import { Id, PageQuery, page, Timestamp } from "./values.ts";

/** How a claim ended: its holder gave it up, its lease ran out, a person broke it, or the node was done. */
export const claimEnds = ["released", "expired", "broken", "finished"] as const;
export const ClaimEnd = z.enum(claimEnds);
export type ClaimEnd = z.infer<typeof ClaimEnd>;

/** A person or an agent. */
export const Holder = z.strictObject({ user_id: Id.nullable(), agent_id: Id.nullable(), name: z.string() });
export type Holder = z.infer<typeof Holder>;

/** The right to work on a node, held by one at a time until `lease_until`. */
export const Claim = z.strictObject({
	id: Id,
	project_id: Id,
	plan_id: Id,
	node: z.strictObject({ id: Id, title: z.string() }),
	holder: Holder,
	/** Counts the node's claims; what an agent writes about the node names it in `Claim-Fence`. */
	fence: z.int().min(1),
	lease_seconds: z.int(),
	lease_until: Timestamp,
	created_at: Timestamp,
	ended_at: Timestamp.nullable(),
	ended_as: ClaimEnd.nullable(),
});
export type Claim = z.infer<typeof Claim>;

export const LeaseSeconds = z.int().min(5, "must be at least 5").max(3600, "must be at most 3600");

export const ClaimNodeInput = z.strictObject({ lease_seconds: LeaseSeconds.default(300) }).meta({ examples: [{ lease_seconds: 120 }] });
export type ClaimNodeInput = z.infer<typeof ClaimNodeInput>;

export const ClaimNextInput = z
	.strictObject({ plan_id: Id, lease_seconds: LeaseSeconds.default(300), ...TaskFilter.shape })
	.meta({ examples: [{ plan_id: "0198c1a2-7d4e-7a10-8a35-3f1c9f6f2d10", lease_seconds: 120 }] });
export type ClaimNextInput = z.infer<typeof ClaimNextInput>;

/** Without `lease_seconds`: as long again as the last time. */
export const RenewClaimInput = z.strictObject({ lease_seconds: LeaseSeconds.optional() }).default({});
export type RenewClaimInput = z.infer<typeof RenewClaimInput>;

/** Both null: there is nothing to claim now. */
export const NextClaim = z.strictObject({ claim: Claim.nullable(), node: PlanNode.nullable() });
export type NextClaim = z.infer<typeof NextClaim>;

export const ClaimParams = ProjectParams.extend({ claimId: Id });

const onlyLive = "Of claims whose lease has run out none are listed: they are nobody's.";

export const claims = {
	claimNode: endpoint({
		method: "POST",
		path: "/projects/{projectId}/nodes/{nodeId}/claims",
		summary: "Claim a node: it is the caller's until the lease ends",
		description:
			"The node becomes `in_progress`. While the lease lasts nobody else can claim it (409 says who holds it, and until when); renew it before it ends. Completing the node ends the claim.",
		tag: "claims",
		params: NodeParams,
		headers: IdempotencyHeaders,
		body: ClaimNodeInput,
		output: Claim,
		status: 201,
		refuses: ["conflict"],
	}),
	claimNext: endpoint({
		method: "POST",
		path: "/projects/{projectId}/claims/next",
		summary: "Claim the next task of a plan that can be worked on",
		description: "Two who ask at once never get the same one. Nothing to do now: `claim` and `node` are null.",
		tag: "claims",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: ClaimNextInput,
		output: NextClaim,
		refuses: ["unprocessable"],
	}),
	listClaims: endpoint({
		method: "GET",
		path: "/projects/{projectId}/claims",
		summary: "Claims that are held now, newest first",
		description: onlyLive,
		tag: "claims",
		params: ProjectParams,
		query: PageQuery.extend({ plan_id: Id.optional(), node_id: Id.optional(), agent_id: Id.optional() }),
		output: page(Claim),
	}),
	renewClaim: endpoint({
		method: "POST",
		path: "/projects/{projectId}/claims/{claimId}/renew",
		summary: "Hold a claim longer: a new lease from now",
		tag: "claims",
		params: ClaimParams,
		body: RenewClaimInput,
		output: Claim,
		refuses: ["conflict", "forbidden"],
	}),
	releaseClaim: endpoint({
		method: "POST",
		path: "/projects/{projectId}/claims/{claimId}/release",
		summary: "Give a claim up; the node goes back to where it was",
		tag: "claims",
		params: ClaimParams,
		output: Claim,
		refuses: ["conflict", "forbidden"],
	}),
	breakClaim: endpoint({
		method: "POST",
		path: "/projects/{projectId}/claims/{claimId}/break",
		summary: "Take a node away from who holds it; for people",
		tag: "claims",
		params: ClaimParams,
		output: Claim,
		refuses: ["conflict"],
	}),
};
