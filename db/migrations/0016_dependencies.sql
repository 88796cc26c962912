CREATE TABLE "plan_node_dependencies" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"upstream_id" uuid NOT NULL,
	"downstream_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plan_node_dependencies_key" UNIQUE("project_id","upstream_id","downstream_id","kind"),
	CONSTRAINT "plan_node_dependencies_kind_check" CHECK (kind in ('blocks', 'relates_to')),
	CONSTRAINT "plan_node_dependencies_not_itself" CHECK (upstream_id <> downstream_id),
	CONSTRAINT "plan_node_dependencies_related_in_order" CHECK (kind <> 'relates_to' or upstream_id < downstream_id)
);
--> statement-breakpoint
ALTER TABLE "plan_node_dependencies" ADD CONSTRAINT "plan_node_dependencies_upstream_fk" FOREIGN KEY ("project_id","upstream_id") REFERENCES "public"."plan_nodes"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_node_dependencies" ADD CONSTRAINT "plan_node_dependencies_downstream_fk" FOREIGN KEY ("project_id","downstream_id") REFERENCES "public"."plan_nodes"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "plan_node_dependencies_downstream_index" ON "plan_node_dependencies" USING btree ("project_id","downstream_id","kind");