import type { Integration, SetupStep } from "@agentplanner/contracts";
import { expect, test } from "vitest";
import { stepsFor } from "./steps-for.ts";

const integration = (listens: boolean) => ({ id: "i1", adapter: "chat", settings: { app_id: "A1" }, listens }) as unknown as Integration;

test("a step names the integration's own address and settings, and leaves other braces alone", () => {
	const step = {
		title: "Paste",
		text: "Into {app_id}.",
		link: { label: "Open", url: "https://chat.example/{app_id}" },
		copy: { label: "URL", text: '{ingress_url} {"a": {b}} {other}' },
	};
	expect(stepsFor([step], integration(false), "https://planner.example")).toEqual([
		{
			title: "Paste",
			text: "Into A1.",
			link: { label: "Open", url: "https://chat.example/A1" },
			copy: { label: "URL", text: 'https://planner.example/ingress/chat/i1 {"a": {b}} {other}' },
		},
	]);
});

test("an integration that listens needs no step that has answers posted to it", () => {
	const steps: SetupStep[] = [
		{ title: "Post", text: "To {ingress_url}.", unless_listening: true },
		{ title: "Invite", text: "Write it." },
	];
	const titles = (listens: boolean) => stepsFor(steps, integration(listens), "https://planner.example").map(({ title }) => title);
	expect(titles(true)).toEqual(["Invite"]);
	expect(titles(false)).toEqual(["Post", "Invite"]);
});
