CREATE TABLE "webhook_subscriptions" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"integration_id" uuid NOT NULL,
	"address" text DEFAULT '' NOT NULL,
	"owns_integration" boolean NOT NULL,
	"types" text[] NOT NULL,
	"plan_ids" uuid[],
	"condition" jsonb,
	"enabled" boolean DEFAULT true NOT NULL,
	"from_position" bigint NOT NULL,
	"replay_position" bigint,
	"replay_until" bigint,
	"owner_user_id" uuid,
	"owner" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_subscriptions_project_id_key" UNIQUE("project_id","id"),
	CONSTRAINT "webhook_subscriptions_name_key" UNIQUE("project_id","name"),
	CONSTRAINT "webhook_subscriptions_replay_check" CHECK ((replay_position is null) = (replay_until is null))
);
--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD COLUMN "subscription_id" uuid;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD COLUMN "event_id" uuid;--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD COLUMN "failing_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD COLUMN "failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD COLUMN "warned_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD COLUMN "previous_secret_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "webhook_subscriptions" ADD CONSTRAINT "webhook_subscriptions_owner_user_id_users_id_fk" FOREIGN KEY ("owner_user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_subscriptions" ADD CONSTRAINT "webhook_subscriptions_integration_fk" FOREIGN KEY ("project_id","integration_id") REFERENCES "public"."messaging_integrations"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_subscriptions_integration_index" ON "webhook_subscriptions" USING btree ("integration_id");--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD CONSTRAINT "message_deliveries_subscription_fk" FOREIGN KEY ("project_id","subscription_id") REFERENCES "public"."webhook_subscriptions"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "message_deliveries_event_key" ON "message_deliveries" USING btree ("subscription_id","event_id") WHERE subscription_id is not null;--> statement-breakpoint
CREATE INDEX "message_deliveries_subscription_index" ON "message_deliveries" USING btree ("subscription_id","id") WHERE subscription_id is not null;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD CONSTRAINT "message_deliveries_event_check" CHECK ((subscription_id is null) = (event_id is null));