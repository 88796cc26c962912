CREATE TABLE "plan_node_labels" (
	"project_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"node_id" uuid NOT NULL,
	"label" "citext" NOT NULL,
	CONSTRAINT "plan_node_labels_plan_id_node_id_label_pk" PRIMARY KEY("plan_id","node_id","label")
);
--> statement-breakpoint
CREATE TABLE "plan_changes" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"nodes" integer NOT NULL,
	"title" text NOT NULL,
	"steps" jsonb NOT NULL,
	"made_by" text NOT NULL,
	"made_by_user_id" uuid,
	"made_by_agent_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"undone_by" text,
	"undone_by_user_id" uuid,
	"undone_at" timestamp (3) with time zone,
	CONSTRAINT "plan_changes_kind_check" CHECK (kind in ('create', 'move', 'delete', 'restore', 'status')),
	CONSTRAINT "plan_changes_undone_check" CHECK ((undone_at is null) = (undone_by is null))
);
--> statement-breakpoint
ALTER TABLE "plan_nodes" ADD COLUMN "deletion_id" uuid;--> statement-breakpoint
ALTER TABLE "plan_node_labels" ADD CONSTRAINT "plan_node_labels_node_fk" FOREIGN KEY ("project_id","plan_id","node_id") REFERENCES "public"."plan_nodes"("project_id","plan_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_changes" ADD CONSTRAINT "plan_changes_made_by_user_id_users_id_fk" FOREIGN KEY ("made_by_user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_changes" ADD CONSTRAINT "plan_changes_undone_by_user_id_users_id_fk" FOREIGN KEY ("undone_by_user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_changes" ADD CONSTRAINT "plan_changes_plan_fk" FOREIGN KEY ("project_id","plan_id") REFERENCES "public"."plans"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "plan_node_labels_label_index" ON "plan_node_labels" USING btree ("project_id","label","node_id");--> statement-breakpoint
CREATE INDEX "plan_changes_plan_index" ON "plan_changes" USING btree ("plan_id","id");--> statement-breakpoint
CREATE INDEX "plan_changes_last_index" ON "plan_changes" USING btree ("plan_id","id") WHERE undone_at is null;--> statement-breakpoint
CREATE INDEX "plan_changes_created_index" ON "plan_changes" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "plan_nodes_bin_index" ON "plan_nodes" USING btree ("plan_id","id") WHERE deleted_at is not null;