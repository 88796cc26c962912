import type { Session } from "@agentplanner/contracts";
import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { rememberActiveProject } from "./projects.ts";
import { sessionQuery } from "./session.ts";

it("a selected project is the one that the known session works in", () => {
	const client = new QueryClient();
	const { queryKey } = sessionQuery();
	rememberActiveProject(client, "second");
	expect(client.getQueryData(queryKey)).toBeUndefined();
	client.setQueryData(queryKey, { active_project_id: "first", csrf_token: "t" } as Session);
	rememberActiveProject(client, "second");
	expect(client.getQueryData(queryKey)).toEqual({ active_project_id: "second", csrf_token: "t" });
});
