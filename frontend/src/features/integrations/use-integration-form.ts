import type { AdapterDescription } from "@agentplanner/contracts";
import { useState } from "react";
import { readSettings, settingFields, typeSettings } from "./settings-schema.ts";

export type IntegrationForm = ReturnType<typeof useIntegrationForm>;

/** What is typed about a channel: its name, its settings and the secrets to set. */
export const useIntegrationForm = (adapter: AdapterDescription, start: { name: string; settings: Record<string, unknown> }) => {
	const settings = settingFields(adapter.settings_schema);
	const secrets = settingFields(adapter.secrets_schema);
	const [name, setName] = useState(start.name);
	const [typed, setTyped] = useState(() => typeSettings(settings, start.settings));
	const [typedSecrets, setTypedSecrets] = useState<Record<string, string>>({});
	const [removed, setRemoved] = useState<string[]>([]);
	const [tried, setTried] = useState(false);
	const read = readSettings(settings, typed);
	const given = Object.fromEntries(Object.entries(typedSecrets).filter(([, value]) => value !== ""));

	return {
		settings,
		secrets,
		name,
		setName,
		typed,
		typedSecrets,
		/** Secrets that are to be taken out. */
		removed,
		changeRemoved: (field: string, isRemoved: boolean) =>
			setRemoved((names) => [...names.filter((name) => name !== field), ...(isRemoved ? [field] : [])]),
		values: { name, settings: read.values, secrets: given },
		errors: tried ? read.errors : {},
		changeSetting: (field: string, value: string | boolean) => setTyped((values) => ({ ...values, [field]: value })),
		changeSecret: (field: string, value: string | boolean) => setTypedSecrets((values) => ({ ...values, [field]: String(value) })),
		/** False, and from then on says why, while a field can't be sent. */
		check() {
			setTried(true);
			return Object.keys(read.errors).length === 0;
		},
	};
};
