CREATE TABLE "violations" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"rule" text NOT NULL,
	"count" integer NOT NULL,
	"subjects" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "violations_rule_key" UNIQUE("project_id","rule")
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "quiet_hours" jsonb;--> statement-breakpoint
ALTER TABLE "violations" ADD CONSTRAINT "violations_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "message_deliveries_about_index" ON "message_deliveries" USING btree ((content #>> '{about,agent_request_id}')) WHERE kind = 'text' and status in ('queued', 'sending', 'retrying', 'unknown');--> statement-breakpoint
CREATE INDEX "agent_requests_closed_index" ON "agent_requests" USING btree ("closed_at") WHERE closed_at is not null;