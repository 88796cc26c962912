CREATE TABLE "goal_links" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"goal_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"node_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "goal_links_target_key" UNIQUE NULLS NOT DISTINCT("goal_id","plan_id","node_id")
);
--> statement-breakpoint
CREATE TABLE "goals" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"parent_id" uuid,
	"title" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'draft' NOT NULL,
	"owner_user_id" uuid,
	"target_date" date,
	"criteria" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "goals_project_id_key" UNIQUE("project_id","id"),
	CONSTRAINT "goals_status_check" CHECK (status in ('draft', 'active', 'achieved', 'paused', 'abandoned')),
	CONSTRAINT "goals_not_own_parent" CHECK (parent_id is distinct from id)
);
--> statement-breakpoint
ALTER TABLE "goal_links" ADD CONSTRAINT "goal_links_goal_fk" FOREIGN KEY ("project_id","goal_id") REFERENCES "public"."goals"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "goal_links" ADD CONSTRAINT "goal_links_plan_fk" FOREIGN KEY ("project_id","plan_id") REFERENCES "public"."plans"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "goal_links" ADD CONSTRAINT "goal_links_node_fk" FOREIGN KEY ("project_id","plan_id","node_id") REFERENCES "public"."plan_nodes"("project_id","plan_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "goals" ADD CONSTRAINT "goals_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "goals" ADD CONSTRAINT "goals_owner_user_id_users_id_fk" FOREIGN KEY ("owner_user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "goals" ADD CONSTRAINT "goals_parent_fk" FOREIGN KEY ("project_id","parent_id") REFERENCES "public"."goals"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "goal_links_plan_index" ON "goal_links" USING btree ("project_id","plan_id","node_id");--> statement-breakpoint
CREATE INDEX "goals_tree_index" ON "goals" USING btree ("project_id","parent_id");--> statement-breakpoint
CREATE INDEX "goals_deleted_index" ON "goals" USING btree ("deleted_at") WHERE deleted_at is not null;