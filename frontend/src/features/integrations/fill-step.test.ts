import type { Integration } from "@agentplanner/contracts";
import { expect, test } from "vitest";
import { fillStep } from "./fill-step.ts";

test("a step names the integration's own address and settings, and leaves other braces alone", () => {
	const integration = { id: "i1", adapter: "chat", settings: { app_id: "A1" } } as unknown as Integration;
	const step = {
		title: "Paste",
		text: "Into {app_id}.",
		link: { label: "Open", url: "https://chat.example/{app_id}" },
		copy: { label: "URL", text: '{ingress_url} {"a": {b}} {other}' },
	};
	expect(fillStep(step, integration, "https://planner.example")).toEqual({
		title: "Paste",
		text: "Into A1.",
		link: { label: "Open", url: "https://chat.example/A1" },
		copy: { label: "URL", text: 'https://planner.example/ingress/chat/i1 {"a": {b}} {other}' },
	});
});
