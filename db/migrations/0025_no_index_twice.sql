DROP INDEX "decision_requests_list_index";--> statement-breakpoint
DROP INDEX "message_deliveries_list_index";--> statement-breakpoint
DROP INDEX "agent_requests_list_index";