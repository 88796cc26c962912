ALTER TABLE "events" ADD COLUMN "plan_id" uuid;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "node_id" uuid;--> statement-breakpoint
-- what is there already gets its place by the rule of core/src/events/place.ts; the hashes stay, since they don't cover it
WITH named AS (
	SELECT id,
		CASE subject_type WHEN 'plan' THEN subject_id ELSE (data ->> 'plan_id')::uuid END AS plan_id,
		CASE subject_type WHEN 'node' THEN subject_id ELSE (data ->> 'node_id')::uuid END AS node_id,
		CASE subject_type WHEN 'request' THEN subject_id ELSE (data ->> 'agent_request_id')::uuid END AS agent_request_id,
		CASE subject_type WHEN 'decision' THEN subject_id ELSE (data ->> 'decision_id')::uuid END AS decision_id
	FROM "events" WHERE project_id IS NOT NULL
), noded AS (
	SELECT named.id, named.plan_id, coalesce(
		named.node_id,
		(SELECT node_id FROM agent_requests WHERE id = named.agent_request_id),
		(SELECT node_id FROM decision_requests WHERE id = named.decision_id)
	) AS node_id
	FROM named
), placed AS (
	SELECT id, node_id, coalesce(plan_id, (SELECT plan_id FROM plan_nodes WHERE plan_nodes.id = noded.node_id)) AS plan_id FROM noded
)
UPDATE "events" SET plan_id = placed.plan_id, node_id = placed.node_id
FROM placed WHERE events.id = placed.id AND (placed.plan_id IS NOT NULL OR placed.node_id IS NOT NULL);--> statement-breakpoint
CREATE INDEX "events_plan_position_index" ON "events" USING btree ("plan_id","position") WHERE plan_id is not null;--> statement-breakpoint
CREATE INDEX "events_node_position_index" ON "events" USING btree ("node_id","position") WHERE node_id is not null;