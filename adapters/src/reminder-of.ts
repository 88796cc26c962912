import type { MessageContent } from "@agentplanner/contracts";

/** Who waits for whom. */
export const reminderOf = ({ agent, asked_by }: Extract<MessageContent, { kind: "nudge" }>): string =>
	agent ? `Reminder for ${agent.name}: ${asked_by} still waits for an answer` : `${asked_by} still waits for an answer`;
