ALTER TABLE "message_deliveries" ADD COLUMN "question_id" uuid;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD COLUMN "pass_hold" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "message_deliveries_dead_index" ON "message_deliveries" USING btree ("project_id","id") WHERE status = 'dead';--> statement-breakpoint
CREATE INDEX "agent_requests_status_index" ON "agent_requests" USING btree ("project_id","status","id");--> statement-breakpoint
ALTER TABLE "message_deliveries" DROP COLUMN "version";