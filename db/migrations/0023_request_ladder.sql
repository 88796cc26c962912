ALTER TABLE "message_deliveries" DROP CONSTRAINT "message_deliveries_kind_check";--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "ladder" jsonb;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "ladder" jsonb DEFAULT '{"acknowledge_within_minutes":null,"progress_within_minutes":null,"steps":[]}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "agent_requests" ADD COLUMN "ladder" jsonb;--> statement-breakpoint
ALTER TABLE "agent_requests" ADD COLUMN "ladder_step" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "agent_requests" ADD COLUMN "ladder_from" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "agent_requests" ADD COLUMN "ladder_due_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "agent_requests" ADD COLUMN "worked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD CONSTRAINT "message_deliveries_kind_check" CHECK (kind in ('request', 'reply', 'nudge', 'decision', 'decision_outcome', 'text', 'event'));