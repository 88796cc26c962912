CREATE TABLE "decision_requests" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"node_id" uuid NOT NULL,
	"agent_request_id" uuid,
	"question" text NOT NULL,
	"details" text DEFAULT '' NOT NULL,
	"options" jsonb NOT NULL,
	"decider_ids" uuid[] DEFAULT '{}' NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"on_expiry" text NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"lapsed_at" timestamp (3) with time zone,
	"asked_by" text NOT NULL,
	"asked_by_user_id" uuid,
	"asked_by_agent_id" uuid,
	"asked_delivery_id" uuid,
	"external_id" text,
	"option_id" text,
	"comment" text DEFAULT '' NOT NULL,
	"closed_by" text,
	"closed_by_user_id" uuid,
	"closed_via" text,
	"closed_at" timestamp (3) with time zone,
	"request_id" text,
	"trace_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "decision_requests_project_id_key" UNIQUE("project_id","id"),
	CONSTRAINT "decision_requests_external_key" UNIQUE("agent_request_id","external_id"),
	CONSTRAINT "decision_requests_status_check" CHECK (status in ('pending', 'decided', 'expired', 'cancelled')),
	CONSTRAINT "decision_requests_on_expiry_check" CHECK (on_expiry in ('wait', 'escalate', 'reject', 'approve')),
	CONSTRAINT "decision_requests_closed_check" CHECK ((closed_at is null) = (status = 'pending')),
	CONSTRAINT "decision_requests_option_check" CHECK ((option_id is not null) = (status in ('decided', 'expired'))),
	CONSTRAINT "decision_requests_expiry_check" CHECK (expires_at is not null or (on_expiry = 'wait' and lapsed_at is null))
);
--> statement-breakpoint
ALTER TABLE "message_deliveries" DROP CONSTRAINT "message_deliveries_kind_check";--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD COLUMN "decision_id" uuid;--> statement-breakpoint
ALTER TABLE "decision_requests" ADD CONSTRAINT "decision_requests_asked_by_user_id_users_id_fk" FOREIGN KEY ("asked_by_user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decision_requests" ADD CONSTRAINT "decision_requests_closed_by_user_id_users_id_fk" FOREIGN KEY ("closed_by_user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decision_requests" ADD CONSTRAINT "decision_requests_node_fk" FOREIGN KEY ("project_id","plan_id","node_id") REFERENCES "public"."plan_nodes"("project_id","plan_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decision_requests" ADD CONSTRAINT "decision_requests_request_fk" FOREIGN KEY ("project_id","agent_request_id") REFERENCES "public"."agent_requests"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decision_requests" ADD CONSTRAINT "decision_requests_agent_fk" FOREIGN KEY ("project_id","asked_by_agent_id") REFERENCES "public"."agents"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "decision_requests_node_index" ON "decision_requests" USING btree ("node_id","id");--> statement-breakpoint
CREATE INDEX "decision_requests_list_index" ON "decision_requests" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "decision_requests_pending_index" ON "decision_requests" USING btree ("project_id","id") WHERE status = 'pending';--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD CONSTRAINT "message_deliveries_decision_fk" FOREIGN KEY ("project_id","decision_id") REFERENCES "public"."decision_requests"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "message_deliveries_decision_index" ON "message_deliveries" USING btree ("decision_id") WHERE decision_id is not null;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD CONSTRAINT "message_deliveries_kind_check" CHECK (kind in ('request', 'reply', 'decision', 'decision_outcome', 'text', 'event'));