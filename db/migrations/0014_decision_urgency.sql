ALTER TABLE "decision_requests" DROP CONSTRAINT "decision_requests_option_check";--> statement-breakpoint
ALTER TABLE "decision_requests" ADD COLUMN "recommendation" jsonb;--> statement-breakpoint
ALTER TABLE "decision_requests" ADD COLUMN "urgency" text DEFAULT 'can_continue' NOT NULL;--> statement-breakpoint
ALTER TABLE "plan_nodes" ADD COLUMN "blocked_by" text;--> statement-breakpoint
ALTER TABLE "plan_nodes" ADD COLUMN "blocked_from" text;--> statement-breakpoint
CREATE INDEX "decision_requests_blocking_index" ON "decision_requests" USING btree ("node_id") WHERE status = 'pending' and urgency = 'blocking';--> statement-breakpoint
ALTER TABLE "decision_requests" ADD CONSTRAINT "decision_requests_urgency_check" CHECK (urgency in ('blocking', 'can_continue', 'informational'));--> statement-breakpoint
ALTER TABLE "decision_requests" ADD CONSTRAINT "decision_requests_option_check" CHECK ((option_id is not null) = (status = 'decided' or (status = 'expired' and on_expiry in ('reject', 'approve'))));--> statement-breakpoint
ALTER TABLE "plan_nodes" ADD CONSTRAINT "plan_nodes_blocked_by_check" CHECK (blocked_by in ('person', 'decision', 'dependency'));--> statement-breakpoint
ALTER TABLE "plan_nodes" ADD CONSTRAINT "plan_nodes_blocked_check" CHECK (status = 'blocked' or (blocked_by is null and blocked_from is null));--> statement-breakpoint
UPDATE "plan_nodes" SET blocked_by = 'person' WHERE status = 'blocked';--> statement-breakpoint
-- Messages that wait to be sent say the same as those that are written from now on.
UPDATE "message_deliveries" SET content = content || '{"urgency": "can_continue", "recommendation": null}' WHERE kind = 'decision' AND NOT content ? 'urgency';--> statement-breakpoint
UPDATE "message_deliveries" delivery SET content = content || jsonb_build_object(
	'plan', jsonb_build_object('id', plan.id, 'title', plan.title),
	'node', jsonb_build_object('id', node.id, 'title', node.title))
FROM "decision_requests" decision
JOIN "plan_nodes" node ON node.id = decision.node_id
JOIN "plans" plan ON plan.id = decision.plan_id
WHERE delivery.kind = 'decision_outcome' AND delivery.decision_id = decision.id AND NOT delivery.content ? 'node';
