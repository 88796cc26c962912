ALTER TABLE "message_deliveries" ADD COLUMN "payload" text;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD COLUMN "payload_bytes" integer;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD COLUMN "replayed_from" uuid;--> statement-breakpoint
CREATE UNIQUE INDEX "message_deliveries_replayed_from_key" ON "message_deliveries" USING btree ("replayed_from") WHERE replayed_from is not null;--> statement-breakpoint
ALTER TABLE "message_deliveries" ADD CONSTRAINT "message_deliveries_payload_check" CHECK ((payload is null) = (payload_bytes is null));