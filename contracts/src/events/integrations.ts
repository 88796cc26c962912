import { z } from "zod";
import { IntegrationHealth } from "../integrations.ts";
import { Timestamp } from "../values.ts";
import { eventsAbout, field, idField } from "./define.ts";
import { version } from "./fields.ts";

const event = eventsAbout("integration");

export const integrationEvents = {
	"integration.created": event("An integration was connected.", {
		adapter: field(z.string(), "What kind of channel it is", "chat"),
		name: field(z.string(), "Its name", "Our receiver"),
	}),
	"integration.updated": event("An integration's name, settings or secrets were changed.", {
		version,
		fields: field(z.array(z.string()), "What of it was changed, without the values", ["settings"]),
	}),
	"integration.tested": event("An integration was tested.", {
		ok: field(z.boolean(), "Whether it works", true),
		health: field(IntegrationHealth, "How it is from now on", "healthy"),
	}),
	"integration.enabled": event("An integration was enabled; what waits for it goes out.", {}),
	"integration.disabled": event("An integration was disabled; what is for it waits.", {
		reason: field(z.string(), "Why, in words", "Disabled by Ada."),
		subscription_id: idField("The subscription whose event it refused for good; then no subscription is told", "50").optional(),
	}),
	"integration.held": event("An integration rests: nothing is sent to it before the wait is over.", {
		unauthorized: field(z.boolean(), "Whether its credentials were refused; if not, its platform asked for patience", false),
		wait_ms: field(z.number(), "For how long, in milliseconds", 30_000),
		subscription_id: idField("The subscription whose event it refused; then no subscription is told", "50").optional(),
	}),
	"integration.failing": event("Nothing has got through to an integration for a day; after five days it is disabled.", {
		since: field(Timestamp, "Since when", "2026-03-02T09:00:00.000Z"),
		reason: field(z.string(), "Why the last attempt failed, in words", "The receiver answered 500."),
		subscription_id: idField("The subscription whose event it took last without success; then no subscription is told", "50").optional(),
	}),
	"integration.breaker.opened": event(
		"An integration hasn't answered many times in a row: what is for it waits, and one message at a time tries it.",
		{
			failures: field(z.int(), "How many attempts in a row got no answer", 10),
			subscription_id: idField("The subscription whose event it didn't take; then no subscription is told", "50").optional(),
		},
	),
	"integration.breaker.closed": event("An integration answers again; what waits for it goes out.", {
		subscription_id: idField("The subscription whose event it took; then no subscription is told", "50").optional(),
	}),
	"integration.secret.rotated": event("An integration signs with a new secret.", {
		overlap_hours: field(z.int(), "For how many hours the old one signs as well", 24),
	}),
	"integration.secret.expired": event("An integration's previous secret signs no more.", {}),
	"integration.listening.started": event("An integration hears its platform, for the first time or again.", {}),
	"integration.listening.interrupted": event("An integration no longer hears its platform.", {
		problem: field(z.string(), "What is wrong, in words", "The connection was closed."),
		remedy: field(z.string(), "What to do about it, in words", "Nothing to do: it is begun again.").optional(),
		refused: field(z.boolean(), "Whether its credentials were refused, which a person must mend", false).optional(),
	}),
};
