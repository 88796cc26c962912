import type { Listening } from "@agentplanner/contracts";
import { z } from "zod";

const Moment = z.iso.datetime().transform((text) => new Date(text));

/**
 * Where we are in a session with the gateway. `sequence`: the last event that was dealt with. `missedSince`: when the session before it
 * was last heard, whose messages are looked up; null for the first one.
 */
const Session = z.object({ id: z.string(), url: z.string(), sequence: z.int(), botId: z.string(), missedSince: Moment.nullable() });
export type Session = z.infer<typeof Session>;

/** What the next listener is left. `heardUntil`: until when everything was heard; null: never yet. */
const Saved = z.object({ session: Session.nullable(), heardUntil: Moment.nullable() });
export type Saved = z.infer<typeof Saved>;

export const readSaved = (session: Listening["session"]): Saved => Saved.safeParse(session).data ?? { session: null, heardUntil: null };

/** Dates become text in JSON, as they are read again. */
export const writeSaved = (saved: Saved): Record<string, unknown> => JSON.parse(JSON.stringify(saved));
