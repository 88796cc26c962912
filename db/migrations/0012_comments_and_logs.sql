CREATE TABLE "plan_comments" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"node_id" uuid,
	"parent_id" uuid,
	"text" text NOT NULL,
	"mentions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"written_by" text NOT NULL,
	"written_by_user_id" uuid,
	"written_by_agent_id" uuid,
	"edited_at" timestamp (3) with time zone,
	"resolved_at" timestamp (3) with time zone,
	"resolved_by" text,
	"resolved_by_user_id" uuid,
	"resolved_by_agent_id" uuid,
	"deleted_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plan_comments_plan_id_key" UNIQUE("project_id","plan_id","id"),
	CONSTRAINT "plan_comments_resolved_check" CHECK ((resolved_at is null) = (resolved_by is null) and (resolved_at is null or parent_id is null))
);
--> statement-breakpoint
CREATE TABLE "plan_node_logs" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"node_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"agent_request_id" uuid,
	"written_by" text NOT NULL,
	"written_by_user_id" uuid,
	"written_by_agent_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plan_node_logs_kind_check" CHECK (kind in ('progress', 'reasoning', 'challenge', 'decision'))
);
--> statement-breakpoint
ALTER TABLE "plan_comments" ADD CONSTRAINT "plan_comments_plan_fk" FOREIGN KEY ("project_id","plan_id") REFERENCES "public"."plans"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_comments" ADD CONSTRAINT "plan_comments_node_fk" FOREIGN KEY ("project_id","plan_id","node_id") REFERENCES "public"."plan_nodes"("project_id","plan_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_comments" ADD CONSTRAINT "plan_comments_parent_fk" FOREIGN KEY ("project_id","plan_id","parent_id") REFERENCES "public"."plan_comments"("project_id","plan_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_node_logs" ADD CONSTRAINT "plan_node_logs_node_fk" FOREIGN KEY ("project_id","plan_id","node_id") REFERENCES "public"."plan_nodes"("project_id","plan_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_node_logs" ADD CONSTRAINT "plan_node_logs_request_fk" FOREIGN KEY ("project_id","agent_request_id") REFERENCES "public"."agent_requests"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "plan_comments_node_index" ON "plan_comments" USING btree ("node_id","parent_id","id");--> statement-breakpoint
CREATE INDEX "plan_comments_plan_index" ON "plan_comments" USING btree ("plan_id","node_id","parent_id","id");--> statement-breakpoint
CREATE INDEX "plan_comments_replies_index" ON "plan_comments" USING btree ("parent_id","id");--> statement-breakpoint
CREATE INDEX "plan_comments_deleted_index" ON "plan_comments" USING btree ("deleted_at") WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX "plan_node_logs_node_index" ON "plan_node_logs" USING btree ("node_id","id");--> statement-breakpoint
CREATE INDEX "plan_node_logs_kind_index" ON "plan_node_logs" USING btree ("node_id","kind","id");--> statement-breakpoint
CREATE INDEX "plan_node_logs_request_index" ON "plan_node_logs" USING btree ("agent_request_id") WHERE agent_request_id is not null;