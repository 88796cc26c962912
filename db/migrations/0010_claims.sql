CREATE TABLE "node_assignments" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"node_id" uuid NOT NULL,
	"user_id" uuid,
	"agent_id" uuid,
	"assigned_by" text NOT NULL,
	"assigned_by_user_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "node_assignments_assignee_key" UNIQUE NULLS NOT DISTINCT("node_id","user_id","agent_id"),
	CONSTRAINT "node_assignments_one_assignee_check" CHECK ((user_id is null) <> (agent_id is null))
);
--> statement-breakpoint
CREATE TABLE "node_claims" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"node_id" uuid NOT NULL,
	"user_id" uuid,
	"agent_id" uuid,
	"fence" integer NOT NULL,
	"lease_seconds" integer NOT NULL,
	"lease_until" timestamp (3) with time zone NOT NULL,
	"status_before" text NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_as" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "node_claims_fence_key" UNIQUE("node_id","fence"),
	CONSTRAINT "node_claims_one_holder_check" CHECK ((user_id is null) <> (agent_id is null)),
	CONSTRAINT "node_claims_ended_check" CHECK ((ended_at is null) = (ended_as is null)),
	CONSTRAINT "node_claims_ended_as_check" CHECK (ended_as in ('released', 'expired', 'broken', 'finished')),
	CONSTRAINT "node_claims_status_before_check" CHECK (status_before in ('not_started', 'in_progress', 'blocked', 'completed', 'cancelled'))
);
--> statement-breakpoint
ALTER TABLE "agent_heartbeats" ADD COLUMN "interval_seconds" integer;--> statement-breakpoint
ALTER TABLE "agent_heartbeats" ADD COLUMN "gone_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "capabilities" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "node_assignments" ADD CONSTRAINT "node_assignments_assigned_by_user_id_users_id_fk" FOREIGN KEY ("assigned_by_user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "node_assignments" ADD CONSTRAINT "node_assignments_node_fk" FOREIGN KEY ("project_id","plan_id","node_id") REFERENCES "public"."plan_nodes"("project_id","plan_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "node_assignments" ADD CONSTRAINT "node_assignments_member_fk" FOREIGN KEY ("project_id","user_id") REFERENCES "public"."project_members"("project_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "node_assignments" ADD CONSTRAINT "node_assignments_agent_fk" FOREIGN KEY ("project_id","agent_id") REFERENCES "public"."agents"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "node_claims" ADD CONSTRAINT "node_claims_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "node_claims" ADD CONSTRAINT "node_claims_node_fk" FOREIGN KEY ("project_id","plan_id","node_id") REFERENCES "public"."plan_nodes"("project_id","plan_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "node_claims" ADD CONSTRAINT "node_claims_agent_fk" FOREIGN KEY ("project_id","agent_id") REFERENCES "public"."agents"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "node_assignments_plan_index" ON "node_assignments" USING btree ("project_id","plan_id","id");--> statement-breakpoint
CREATE INDEX "node_assignments_agent_index" ON "node_assignments" USING btree ("agent_id","node_id") WHERE agent_id is not null;--> statement-breakpoint
CREATE INDEX "node_assignments_member_index" ON "node_assignments" USING btree ("project_id","user_id") WHERE user_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "node_claims_open_key" ON "node_claims" USING btree ("node_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "node_claims_open_list_index" ON "node_claims" USING btree ("project_id","id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "node_claims_agent_index" ON "node_claims" USING btree ("agent_id") WHERE ended_at is null;