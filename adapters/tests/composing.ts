import type { Connection, OutboundMessage, SendResult } from "@agentplanner/contracts";

export type Composing = Omit<Connection, "send"> & {
	/** A first attempt: what is made of the message goes out. */
	send(message: OutboundMessage, signal: AbortSignal): Promise<SendResult>;
	resend: Connection["send"];
};

export const composing = (connection: Connection): Composing => ({
	...connection,
	send: async (message, signal) => connection.send(message, connection.compose(message), signal),
	resend: connection.send,
});
