import type { Adapter, FieldError } from "@agentplanner/contracts";
import { UnprocessableError } from "../errors.ts";

type Issue = { path: PropertyKey[]; message: string; code?: string; keys?: string[] };

const toFields = (part: string, issues: Issue[]): FieldError[] =>
	issues.flatMap(({ path, message, code, keys }) => {
		const field = ["body", part, ...path.map(String)];
		return code === "unrecognized_keys" && keys
			? keys.map((key) => ({ field: [...field, key].join("."), message: "is not a known field" }))
			: [{ field: field.join("."), message }];
	});

/** Settings and secrets as the adapter wants them; throws UnprocessableError with every problem of both. */
export const parseConfig = (
	adapter: Adapter,
	input: { settings: Record<string, unknown>; secrets: Record<string, string> },
): { settings: Record<string, unknown>; secrets: Record<string, string>; externalAccount: string | null; listens: boolean } => {
	const settings = adapter.settings.safeParse(input.settings);
	const secrets = adapter.secrets.safeParse(input.secrets);
	const fields = [...toFields("settings", settings.error?.issues ?? []), ...toFields("secrets", secrets.error?.issues ?? [])];
	if (!settings.success || !secrets.success)
		throw new UnprocessableError(`${adapter.label} can't be connected like this. Correct the fields below.`, fields);
	return {
		settings: settings.data as Record<string, unknown>,
		secrets: secrets.data as Record<string, string>,
		externalAccount: adapter.externalAccount?.(settings.data) ?? null,
		listens: adapter.listens?.({ settings: settings.data, secrets: secrets.data }) ?? false,
	};
};
