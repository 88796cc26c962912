import type { ListedIntegration } from "@agentplanner/contracts";
import { healthLooks, type Look } from "../../components/status.tsx";

export type Health = {
	look: Look;
	/** When this began; null where that says nothing. */
	since: string | null;
	/** What is so, and what follows for messages. */
	sentence: string;
	/** What it said itself, in its own words. */
	cause: string | null;
	/** When it is tried again by itself. */
	nextTry: string | null;
};

/** How a channel stands now: one statement from everything that is known, the latest thing first. */
export const healthOf = (integration: ListedIntegration): Health => {
	const { enabled, held_until, held_reason, unauthorized_since, health, retrying_deliveries } = integration;
	if (!enabled)
		return {
			look: healthLooks.disabled,
			since: integration.disabled_since,
			sentence: "Messages wait where they are until it is enabled.",
			cause: integration.disabled_reason,
			nextTry: null,
		};
	if (unauthorized_since !== null)
		return {
			look: healthLooks.unauthorized,
			since: unauthorized_since,
			sentence: "Messages are held. Mend the credentials, then test it: a test that passes lets them go.",
			cause: held_reason,
			nextTry: held_until,
		};
	if (held_until !== null)
		return { look: healthLooks.held, since: null, sentence: "Messages are held until then.", cause: held_reason, nextTry: held_until };
	const { listening, breaker } = integration;
	if (breaker.state !== "closed")
		return {
			look: healthLooks.broken,
			since: breaker.since,
			sentence:
				breaker.state === "half_open"
					? "One message tries it right now; the rest waits."
					: "Messages wait. One at a time tries it, and the rest goes out as soon as it answers.",
			cause: `${breaker.failures} attempts in a row got no answer.`,
			nextTry: breaker.next_probe_at,
		};
	if (listening?.state === "refused" || listening?.state === "unattended")
		return {
			look: healthLooks.deaf,
			since: null,
			sentence: health === "failing" ? "Answers are not heard, and the last test failed." : "Messages go out, but answers are not heard.",
			cause: null,
			nextTry: null,
		};
	if (retrying_deliveries > 0)
		return {
			look: healthLooks.retrying,
			since: null,
			sentence:
				health === "healthy"
					? "Messages got through before; what waits is tried again by itself."
					: "Nothing has got through yet; what waits is tried again by itself.",
			cause: null,
			nextTry: null,
		};
	const calm = { look: healthLooks[health], since: null, cause: null, nextTry: null };
	switch (health) {
		case "healthy":
			return { ...calm, sentence: "The last thing tried got through." };
		case "unknown":
			return { ...calm, sentence: "Nothing has got through since it was set up, changed or enabled." };
		default:
			return { ...calm, sentence: "The last test failed. Messages are tried all the same." };
	}
};
