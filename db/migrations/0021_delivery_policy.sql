ALTER TABLE "message_deliveries" ADD COLUMN "waits_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD COLUMN "turn_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD COLUMN "delivery_policy" jsonb DEFAULT '{"max_in_flight":8,"per_second":null,"schedule":null}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD COLUMN "next_free_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD COLUMN "breaker_failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD COLUMN "breaker_opened_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD COLUMN "breaker_probes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD COLUMN "breaker_probe_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messaging_integrations" ADD COLUMN "breaker_probing" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "message_deliveries_turn_index" ON "message_deliveries" USING btree ("integration_id","id") WHERE waits_since is not null and status in ('queued', 'retrying', 'unknown');