import type { HatchetClient } from "@hatchet-dev/typescript-sdk";
import { EventClient } from "@hatchet-dev/typescript-sdk/clients/event/event-client.js";
import { EventsServiceDefinition } from "@hatchet-dev/typescript-sdk/protoc/events/events.js";
import { createGrpcClient } from "@hatchet-dev/typescript-sdk/util/grpc-helpers.js";
import type { EventLine } from "./push-events.ts";

/**
 * The SDK's event client on a channel of its own, which can be closed: the one of a HatchetClient can't, and a client for every
 * outage would never be freed. Lines of different numbers don't share connections, nor the pauses between attempts to connect.
 */
export const dialEvents = ({ config, api }: HatchetClient, number: number): EventLine => {
	// gRPC shares a connection among all channels of one process with equal settings, so one of them has to differ.
	const own = { ...config, grpc_max_recv_message_length: 4 * 1024 * 1024 + number };
	const { channel, factory } = createGrpcClient(own, EventsServiceDefinition);
	return { events: new EventClient(own, channel, factory, api), close: () => channel.close() };
};
