import type { ListedIntegration } from "@agentplanner/contracts";
import { expect, it } from "vitest";
import { healthOf } from "./health.ts";

const at = "2026-01-02T03:04:05.000Z";
const later = "2026-01-02T03:14:05.000Z";
const health = (overrides: Partial<ListedIntegration>) =>
	healthOf({
		enabled: true,
		disabled_reason: null,
		disabled_since: null,
		held_until: null,
		held_reason: null,
		unauthorized_since: null,
		health: "healthy",
		retrying_deliveries: 0,
		listening: null,
		breaker: { state: "closed", since: null, next_probe_at: null, failures: 0 },
		...overrides,
	} as ListedIntegration);

it("a disabled one is disabled, whatever else is known of it", () => {
	const known = { unauthorized_since: at, held_until: later, disabled_since: at, disabled_reason: "Gone (410)." };
	expect(health({ enabled: false, ...known })).toMatchObject({
		look: { label: "Disabled" },
		since: at,
		cause: "Gone (410).",
		nextTry: null,
	});
});

it("refused credentials say since when, why, and when they are tried again", () => {
	const refused = { unauthorized_since: at, held_until: later, held_reason: "HTTP 401", health: "unauthorized" } as const;
	expect(health(refused)).toMatchObject({ look: { label: "Not authorized" }, since: at, cause: "HTTP 401", nextTry: later });
});

it("one that doesn't answer says since when, and when it is tried", () => {
	const breaker = { state: "open", since: at, next_probe_at: later, failures: 12 } as const;
	expect(health({ breaker, retrying_deliveries: 3 })).toMatchObject({
		look: { label: "Not answering" },
		since: at,
		cause: "12 attempts in a row got no answer.",
		nextTry: later,
	});
	expect(health({ breaker: { ...breaker, state: "half_open", next_probe_at: null } }).sentence).toContain("right now");
});

it("what is tried again counts more than what got through before", () => {
	expect(health({ retrying_deliveries: 1 })).toMatchObject({ look: { label: "Retrying" } });
	expect(health({ retrying_deliveries: 1, health: "unknown" }).sentence).toContain("Nothing has got through yet");
});

it("a rate limit rests; without any hold its health counts", () => {
	expect(health({ held_until: later, held_reason: "429" })).toMatchObject({ look: { label: "Resting" }, cause: "429", nextTry: later });
	expect(health({}).look.label).toBe("Works");
	expect(health({ health: "unknown" }).look.label).toBe("Unproven");
	expect(health({ health: "failing" }).sentence).toContain("tried all the same");
});

it("whoever isn't heard is told, while a line that is mended by itself changes nothing", () => {
	const status = { since: at, problem: "The line was cut.", remedy: null, next_try_at: null };
	expect(health({ listening: { ...status, state: "refused" } }).look.label).toBe("Not listening");
	expect(health({ listening: { ...status, state: "unattended" } }).look.label).toBe("Not listening");
	expect(health({ listening: { ...status, state: "refused" }, health: "failing" }).sentence).not.toContain("go out");
	expect(health({ listening: { ...status, state: "reconnecting" } }).look.label).toBe("Works");
});
