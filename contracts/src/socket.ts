import { z } from "zod";
import { Id } from "./values.ts";

/** Where somebody who reads a plan by its public link hears `{"type":"changed"}` whenever it has changed, without an account. */
export const publicSocketPath = (key: string): string => `/api/v1/public/plans/${key}/socket`;

/** With which code such a socket is closed once the link has ended. */
export const publicLinkEnded = 1008;

export const PublicSocketMessage = z.strictObject({ type: z.literal("changed") });
export type PublicSocketMessage = z.infer<typeof PublicSocketMessage>;

/** What a page sends over `/api/v1/socket`: which project it shows, and the last position it has seen. */
export const SocketRequest = z.strictObject({ type: z.literal("subscribe"), project_id: Id, after: z.int().min(0).nullable() });
export type SocketRequest = z.infer<typeof SocketRequest>;

/** What the server sends: never content, only ids of what to read again, and none of what is in plans that the receiver doesn't see. */
export const SocketMessage = z.discriminatedUnion("type", [
	/** Subscribed; `position` is where the stream starts. */
	z.strictObject({ type: z.literal("subscribed"), project_id: Id, position: z.int() }),
	z.strictObject({ type: z.literal("changed"), project_id: Id, entity: z.string(), id: Id, position: z.int() }),
	/** More changed than is worth listing, or what one may see has: read everything again. */
	z.strictObject({ type: z.literal("reset"), project_id: Id, position: z.int() }),
	z.strictObject({ type: z.literal("refused"), project_id: z.string(), detail: z.string() }),
]);
export type SocketMessage = z.infer<typeof SocketMessage>;
