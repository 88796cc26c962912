import { type Adapter, line, ProjectParams, text } from "@agentplanner/contracts";
import { type Database, messageDeliveries, sql, timers } from "@agentplanner/db";
import { someContent } from "../testing.ts";

// core has no zod of its own, so an empty object of the contracts is where these schemas start.
const nothing = ProjectParams.omit({ projectId: true });

const settings = nothing.extend({ url: line(200), team: text(50).optional() });

/** For tests: an adapter with an account per `team`, one secret that it makes itself, and one that it needs to be given or not. */
export const testAdapter: Adapter = {
	id: "test",
	label: "Test channel",
	settings,
	secrets: nothing.extend({ signing_secret: line(200), bot_token: line(20).optional() }),
	createSecrets: () => ({ signing_secret: "made-by-the-adapter" }),
	externalAccount: (value) => settings.parse(value).team ?? null,
	redelivery: "safe",
	open: () => {
		throw new Error("Verbs open no connection.");
	},
};

/** For tests: a delivery that waits an hour, with its timer. */
export const buildWaitingDelivery = async (
	db: Database,
	projectId: string,
	integrationId: string,
	overrides: Partial<typeof messageDeliveries.$inferInsert> = {},
) => {
	const inAnHour = new Date(Date.now() + 3_600_000);
	const [delivery] = await db.orm
		.insert(messageDeliveries)
		.values({
			projectId,
			integrationId,
			kind: "text",
			content: someContent,
			nextAttemptAt: inAnHour,
			reason: { code: "integration_disabled", message: "It is disabled.", remedy: "Enable it." },
			...overrides,
		})
		.returning();
	if (!delivery) throw new Error("The insert returned no delivery.");
	const [timer] = await db.orm
		.insert(timers)
		.values({ projectId, type: "message.delivery.due", subjectId: delivery.id, dueAt: inAnHour, fired: sql`3` })
		.returning();
	if (!timer) throw new Error("The insert returned no timer.");
	return { delivery, timer };
};
