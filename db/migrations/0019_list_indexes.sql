DROP INDEX "node_assignments_agent_index";--> statement-breakpoint
DROP INDEX "node_assignments_member_index";--> statement-breakpoint
CREATE INDEX "node_assignments_list_index" ON "node_assignments" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "node_claims_open_plan_index" ON "node_claims" USING btree ("plan_id","id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "decision_requests_agent_index" ON "decision_requests" USING btree ("asked_by_agent_id","id") WHERE asked_by_agent_id is not null;--> statement-breakpoint
CREATE INDEX "node_assignments_agent_index" ON "node_assignments" USING btree ("agent_id","id") WHERE agent_id is not null;--> statement-breakpoint
CREATE INDEX "node_assignments_member_index" ON "node_assignments" USING btree ("project_id","user_id","id") WHERE user_id is not null;