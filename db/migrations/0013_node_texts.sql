ALTER TABLE "plan_nodes" ADD COLUMN "description" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "plan_nodes" ADD COLUMN "context" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "plan_nodes" ADD COLUMN "task_mode" text DEFAULT 'free' NOT NULL;--> statement-breakpoint
ALTER TABLE "plan_nodes" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "plan_nodes_deleted_index" ON "plan_nodes" USING btree ("deleted_at") WHERE deleted_at is not null;--> statement-breakpoint
ALTER TABLE "plan_nodes" ADD CONSTRAINT "plan_nodes_task_mode_check" CHECK (task_mode in ('research', 'plan', 'implement', 'free'));