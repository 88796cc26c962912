CREATE TABLE "agent_heartbeats" (
	"project_id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "agent_heartbeats_project_id_agent_id_pk" PRIMARY KEY("project_id","agent_id")
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "agents_project_id_key" UNIQUE("project_id","id"),
	CONSTRAINT "agents_name_key" UNIQUE("project_id","name")
);
--> statement-breakpoint
CREATE TABLE "routes" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"agent_id" uuid,
	"plan_id" uuid,
	"integration_id" uuid NOT NULL,
	"address" text DEFAULT '' NOT NULL,
	"position" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "routes_owner_position_key" UNIQUE NULLS NOT DISTINCT("project_id","agent_id","plan_id","position"),
	CONSTRAINT "routes_owner_address_key" UNIQUE NULLS NOT DISTINCT("project_id","agent_id","plan_id","integration_id","address"),
	CONSTRAINT "routes_one_owner_check" CHECK (agent_id is null or plan_id is null)
);
--> statement-breakpoint
CREATE TABLE "delivery_attempts" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"delivery_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"worker" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"outcome" text,
	"detail" text,
	"remedy" text,
	"next_attempt_at" timestamp (3) with time zone,
	"exchange" jsonb,
	CONSTRAINT "delivery_attempts_number_key" UNIQUE("delivery_id","number"),
	CONSTRAINT "delivery_attempts_outcome_check" CHECK (outcome in ('delivered', 'rejected', 'unauthorized', 'rate_limited', 'unavailable', 'unknown', 'lost'))
);
--> statement-breakpoint
CREATE TABLE "message_deliveries" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"agent_request_id" uuid,
	"kind" text NOT NULL,
	"integration_id" uuid NOT NULL,
	"agent_id" uuid,
	"address" text DEFAULT '' NOT NULL,
	"content" jsonb NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"reason" jsonb,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	"schedule_step" integer DEFAULT 0 NOT NULL,
	"worker" text,
	"fence" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"next_attempt_at" timestamp (3) with time zone,
	"close_as" text,
	"receipt" jsonb,
	"delivered_at" timestamp (3) with time zone,
	"trace_id" text,
	"request_id" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "message_deliveries_project_id_key" UNIQUE("project_id","id"),
	CONSTRAINT "message_deliveries_kind_check" CHECK (kind in ('request', 'reply', 'decision', 'text', 'event')),
	CONSTRAINT "message_deliveries_status_check" CHECK (status in ('queued', 'sending', 'retrying', 'unknown', 'delivered', 'acknowledged', 'cancelled', 'superseded', 'dead')),
	CONSTRAINT "message_deliveries_lease_check" CHECK ((status = 'sending') = (lease_until is not null and worker is not null))
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid,
	"type" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"data" jsonb NOT NULL,
	"actor" jsonb NOT NULL,
	"request_id" text,
	"trace_id" text,
	"occurred_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"position" bigint,
	"hash" "bytea"
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"event_id" uuid PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_try_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_error" text,
	"parked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "timers" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"type" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"fired" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "timers_type_subject_key" UNIQUE("type","subject_id")
);
--> statement-breakpoint
CREATE TABLE "inbound_events" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"integration_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"type" text NOT NULL,
	"data" jsonb NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inbound_events_external_key" UNIQUE("integration_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "messaging_integrations" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"adapter" text NOT NULL,
	"name" text NOT NULL,
	"external_account" text,
	"settings" jsonb NOT NULL,
	"credentials" "bytea" NOT NULL,
	"secret_names" text[] DEFAULT '{}' NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"disabled_reason" text,
	"health" text DEFAULT 'unknown' NOT NULL,
	"health_report" jsonb,
	"held_until" timestamp (3) with time zone,
	"held_reason" text,
	"unauthorized_since" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "messaging_integrations_project_id_key" UNIQUE("project_id","id"),
	CONSTRAINT "messaging_integrations_name_key" UNIQUE("project_id","name"),
	CONSTRAINT "messaging_integrations_health_check" CHECK (health in ('unknown', 'healthy', 'unauthorized', 'failing'))
);
--> statement-breakpoint
CREATE TABLE "plan_nodes" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"parent_id" uuid,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"status" text DEFAULT 'not_started' NOT NULL,
	"position" text collate "C" NOT NULL,
	"agent_instructions" text DEFAULT '' NOT NULL,
	"acceptance_criteria" text DEFAULT '' NOT NULL,
	"due_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plan_nodes_project_id_key" UNIQUE("project_id","id"),
	CONSTRAINT "plan_nodes_plan_id_key" UNIQUE("project_id","plan_id","id"),
	CONSTRAINT "plan_nodes_kind_check" CHECK (kind in ('phase', 'task', 'milestone')),
	CONSTRAINT "plan_nodes_status_check" CHECK (status in ('not_started', 'in_progress', 'blocked', 'completed', 'cancelled')),
	CONSTRAINT "plan_nodes_not_own_parent" CHECK (parent_id is distinct from id)
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"title" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plans_project_id_key" UNIQUE("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" "bytea" NOT NULL,
	"reply" "bytea",
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_scope_key" UNIQUE("scope","key")
);
--> statement-breakpoint
CREATE TABLE "project_members" (
	"project_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "project_members_project_id_user_id_pk" PRIMARY KEY("project_id","user_id"),
	CONSTRAINT "project_members_role_check" CHECK (role in ('owner', 'admin', 'editor', 'viewer'))
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"name" text NOT NULL,
	"allowed_networks" text[] DEFAULT '{}' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agent_request_targets" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"agent_request_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"agent_id" uuid,
	"integration_id" uuid,
	"address" text DEFAULT '' NOT NULL,
	CONSTRAINT "agent_request_targets_position_key" UNIQUE("agent_request_id","position"),
	CONSTRAINT "agent_request_targets_kind_check" CHECK ((agent_id is null) <> (integration_id is null))
);
--> statement-breakpoint
CREATE TABLE "agent_requests" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"node_id" uuid NOT NULL,
	"question" text NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"reason" jsonb,
	"answer_policy" jsonb NOT NULL,
	"context" jsonb,
	"progress" text,
	"input_question" text,
	"input_delivery_id" uuid,
	"asked_by" text NOT NULL,
	"asked_by_user_id" uuid,
	"deadline_at" timestamp (3) with time zone NOT NULL,
	"dispatched_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"request_id" text,
	"trace_id" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "agent_requests_project_id_key" UNIQUE("project_id","id"),
	CONSTRAINT "agent_requests_status_check" CHECK (status in ('queued', 'dispatched', 'working', 'input_required', 'completed', 'rejected', 'failed', 'expired', 'cancelled')),
	CONSTRAINT "agent_requests_closed_check" CHECK ((closed_at is null) = (status in ('queued', 'dispatched', 'working', 'input_required')))
);
--> statement-breakpoint
CREATE TABLE "agent_responses" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"agent_request_id" uuid NOT NULL,
	"delivery_id" uuid,
	"agent_id" uuid,
	"respondent" text NOT NULL,
	"respondent_name" text NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"external_id" text NOT NULL,
	"outcome" text DEFAULT 'received' NOT NULL,
	"applied_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "agent_responses_project_id_key" UNIQUE("project_id","id"),
	CONSTRAINT "agent_responses_external_key" UNIQUE("agent_request_id","respondent","external_id"),
	CONSTRAINT "agent_responses_kind_check" CHECK (kind in ('answer', 'declined', 'input_required')),
	CONSTRAINT "agent_responses_outcome_check" CHECK (outcome in ('received', 'accepted', 'superseded'))
);
--> statement-breakpoint
CREATE TABLE "user_sessions" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"user_id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"csrf_token" text NOT NULL,
	"active_project_id" uuid,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_sessions_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"email" "citext" NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "engine_step_results" (
	"workflow" text NOT NULL,
	"wake_id" text NOT NULL,
	"step" text NOT NULL,
	"output" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "engine_step_results_workflow_wake_id_step_pk" PRIMARY KEY("workflow","wake_id","step")
);
--> statement-breakpoint
CREATE TABLE "worker_runs" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"engine" text NOT NULL,
	"host" text NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"stopped_at" timestamp (3) with time zone,
	"health" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "agent_heartbeats" ADD CONSTRAINT "agent_heartbeats_agent_fk" FOREIGN KEY ("project_id","agent_id") REFERENCES "public"."agents"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "routes" ADD CONSTRAINT "routes_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "routes" ADD CONSTRAINT "routes_agent_fk" FOREIGN KEY ("project_id","agent_id") REFERENCES "public"."agents"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "routes" ADD CONSTRAINT "routes_plan_fk" FOREIGN KEY ("project_id","plan_id") REFERENCES "public"."plans"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "routes" ADD CONSTRAINT "routes_integration_fk" FOREIGN KEY ("project_id","integration_id") REFERENCES "public"."messaging_integrations"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery_attempts" ADD CONSTRAINT "delivery_attempts_delivery_fk" FOREIGN KEY ("project_id","delivery_id") REFERENCES "public"."message_deliveries"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD CONSTRAINT "message_deliveries_request_fk" FOREIGN KEY ("project_id","agent_request_id") REFERENCES "public"."agent_requests"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD CONSTRAINT "message_deliveries_integration_fk" FOREIGN KEY ("project_id","integration_id") REFERENCES "public"."messaging_integrations"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD CONSTRAINT "message_deliveries_agent_fk" FOREIGN KEY ("project_id","agent_id") REFERENCES "public"."agents"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timers" ADD CONSTRAINT "timers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_events" ADD CONSTRAINT "inbound_events_integration_fk" FOREIGN KEY ("project_id","integration_id") REFERENCES "public"."messaging_integrations"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD CONSTRAINT "messaging_integrations_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_nodes" ADD CONSTRAINT "plan_nodes_plan_fk" FOREIGN KEY ("project_id","plan_id") REFERENCES "public"."plans"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_nodes" ADD CONSTRAINT "plan_nodes_parent_fk" FOREIGN KEY ("project_id","plan_id","parent_id") REFERENCES "public"."plan_nodes"("project_id","plan_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_members" ADD CONSTRAINT "project_members_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_members" ADD CONSTRAINT "project_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_request_targets" ADD CONSTRAINT "agent_request_targets_request_fk" FOREIGN KEY ("project_id","agent_request_id") REFERENCES "public"."agent_requests"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_request_targets" ADD CONSTRAINT "agent_request_targets_agent_fk" FOREIGN KEY ("project_id","agent_id") REFERENCES "public"."agents"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_request_targets" ADD CONSTRAINT "agent_request_targets_integration_fk" FOREIGN KEY ("project_id","integration_id") REFERENCES "public"."messaging_integrations"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_requests" ADD CONSTRAINT "agent_requests_node_fk" FOREIGN KEY ("project_id","plan_id","node_id") REFERENCES "public"."plan_nodes"("project_id","plan_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_responses" ADD CONSTRAINT "agent_responses_request_fk" FOREIGN KEY ("project_id","agent_request_id") REFERENCES "public"."agent_requests"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_responses" ADD CONSTRAINT "agent_responses_agent_fk" FOREIGN KEY ("project_id","agent_id") REFERENCES "public"."agents"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_responses" ADD CONSTRAINT "agent_responses_delivery_fk" FOREIGN KEY ("project_id","delivery_id") REFERENCES "public"."message_deliveries"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_sessions" ADD CONSTRAINT "user_sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_sessions" ADD CONSTRAINT "user_sessions_active_project_fk" FOREIGN KEY ("active_project_id","user_id") REFERENCES "public"."project_members"("project_id","user_id") ON DELETE set null ("active_project_id") ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "routes_integration_index" ON "routes" USING btree ("project_id","integration_id");--> statement-breakpoint
CREATE INDEX "message_deliveries_request_index" ON "message_deliveries" USING btree ("agent_request_id");--> statement-breakpoint
CREATE INDEX "message_deliveries_list_index" ON "message_deliveries" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "message_deliveries_open_index" ON "message_deliveries" USING btree ("integration_id","status") WHERE status in ('queued', 'sending', 'retrying', 'unknown');--> statement-breakpoint
CREATE INDEX "message_deliveries_lease_index" ON "message_deliveries" USING btree ("worker") WHERE status = 'sending';--> statement-breakpoint
CREATE UNIQUE INDEX "events_position_key" ON "events" USING btree ("position");--> statement-breakpoint
CREATE INDEX "events_unstamped_index" ON "events" USING btree ("id") WHERE position is null;--> statement-breakpoint
CREATE INDEX "events_project_position_index" ON "events" USING btree ("project_id","position");--> statement-breakpoint
CREATE INDEX "events_subject_index" ON "events" USING btree ("subject_id","position");--> statement-breakpoint
CREATE INDEX "outbox_due_index" ON "outbox" USING btree ("next_try_at","event_id") WHERE parked_at is null;--> statement-breakpoint
CREATE INDEX "timers_due_index" ON "timers" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "inbound_events_received_at_index" ON "inbound_events" USING btree ("received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "messaging_integrations_account_key" ON "messaging_integrations" USING btree ("adapter","external_account") WHERE external_account is not null;--> statement-breakpoint
CREATE INDEX "plan_nodes_tree_index" ON "plan_nodes" USING btree ("plan_id","parent_id","position");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at_index" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "project_members_user_index" ON "project_members" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "agent_requests_node_index" ON "agent_requests" USING btree ("node_id","id");--> statement-breakpoint
CREATE INDEX "agent_requests_list_index" ON "agent_requests" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "agent_requests_open_index" ON "agent_requests" USING btree ("project_id","id") WHERE status in ('queued', 'dispatched', 'working', 'input_required');--> statement-breakpoint
CREATE INDEX "agent_responses_delivery_index" ON "agent_responses" USING btree ("delivery_id");--> statement-breakpoint
CREATE INDEX "agent_responses_unapplied_index" ON "agent_responses" USING btree ("id") WHERE applied_at is null;--> statement-breakpoint
CREATE INDEX "user_sessions_expires_at_index" ON "user_sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "user_sessions_user_index" ON "user_sessions" USING btree ("user_id") WHERE revoked_at is null;--> statement-breakpoint
CREATE INDEX "engine_step_results_created_at_index" ON "engine_step_results" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "worker_runs_last_seen_index" ON "worker_runs" USING btree ("last_seen_at");