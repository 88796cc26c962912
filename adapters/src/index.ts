import type { Adapter, AdapterDescription } from "@agentplanner/contracts";
import { z } from "zod";
import { discord } from "./discord/index.ts";
import { openclaw } from "./openclaw/index.ts";
import { slack } from "./slack/index.ts";
import { webhook } from "./webhook/index.ts";

export { isPublicAddress, networkProblem } from "./address-rules.ts";
export { assertPublicUrl } from "./assert-public-url.ts";
export { defineAdapter } from "./define-adapter.ts";
export { FetchError, type FetchErrorCode } from "./fetch-error.ts";
export { urlChannel } from "./webhook/index.ts";

/** Every kind of channel. A new adapter is one file and one line here. */
export const adapters: readonly Adapter[] = [webhook, slack, discord, openclaw];

/** Null for an id that this build doesn't know. */
export const adapterById = (id: string): Adapter | null => adapters.find((adapter) => adapter.id === id) ?? null;

/** What people call it; the id of an adapter that this build doesn't have. */
export const adapterLabel = (id: string): string => adapterById(id)?.label ?? id;

/** An adapter as the set-up screens need it. */
export const describeAdapter = (adapter: Adapter): AdapterDescription => ({
	id: adapter.id,
	label: adapter.label,
	settings_schema: z.toJSONSchema(adapter.settings, { io: "input" }),
	secrets_schema: z.toJSONSchema(adapter.secrets, { io: "input" }),
	address: adapter.address ? { label: adapter.address.label, description: adapter.address.description } : null,
	setup: adapter.setup ?? null,
	created_secrets: Object.keys(adapter.createSecrets?.() ?? {}),
	receives: adapter.parse !== undefined,
});
