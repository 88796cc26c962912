CREATE TABLE "replay_jobs" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"filter" jsonb NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"total" integer NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"skipped" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"rate_per_second" integer NOT NULL,
	"cursor" uuid,
	"next_batch_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "replay_jobs_state_check" CHECK (state in ('running', 'paused', 'cancelled', 'finished'))
);
--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD COLUMN "discarded_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD COLUMN "discarded_by" text;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD COLUMN "discard_reason" text;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "replay_max_age_days" integer DEFAULT 7 NOT NULL;--> statement-breakpoint
ALTER TABLE "replay_jobs" ADD CONSTRAINT "replay_jobs_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "replay_jobs_list_index" ON "replay_jobs" USING btree ("project_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "replay_jobs_running_key" ON "replay_jobs" USING btree ("project_id",coalesce(filter ->> 'integration_id', '')) WHERE state in ('running', 'paused');--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD CONSTRAINT "message_deliveries_discard_check" CHECK (num_nulls(discarded_at, discarded_by, discard_reason) in (0, 3));