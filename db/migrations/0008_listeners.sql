CREATE TABLE "integration_listeners" (
	"integration_id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"holder" text,
	"term" integer NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"problem" text,
	"remedy" text,
	"session" "bytea",
	"failures" integer NOT NULL,
	"next_try_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "integration_listeners_state_check" CHECK (state in ('connecting', 'listening', 'reconnecting', 'refused')),
	CONSTRAINT "integration_listeners_lease_check" CHECK ((holder is null) = (lease_until is null))
);
--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD COLUMN "listens" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "integration_listeners" ADD CONSTRAINT "integration_listeners_integration_fk" FOREIGN KEY ("project_id","integration_id") REFERENCES "public"."messaging_integrations"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "messaging_integrations_listens_index" ON "messaging_integrations" USING btree ("id") WHERE listens;