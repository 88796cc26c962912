import { type AdapterDescription, type DeliveryPolicy, defaultDeliveryPolicy } from "@agentplanner/contracts";
import { useState } from "react";
import { readPolicy, type TypedPolicy, typePolicy } from "./delivery-policy.ts";
import { readSettings, settingFields, typeSettings } from "./settings-schema.ts";

export type IntegrationForm = ReturnType<typeof useIntegrationForm>;

type Start = { name: string; settings: Record<string, unknown>; delivery_policy?: DeliveryPolicy };

/** What is typed about a channel: its name, its settings, the secrets to set, and how it is sent to. */
export const useIntegrationForm = (adapter: AdapterDescription, start: Start) => {
	const settings = settingFields(adapter.settings_schema);
	const secrets = settingFields(adapter.secrets_schema);
	const [name, setName] = useState(start.name);
	const [typed, setTyped] = useState(() => typeSettings(settings, start.settings));
	const [typedSecrets, setTypedSecrets] = useState<Record<string, string>>({});
	const [removed, setRemoved] = useState<string[]>([]);
	const [typedPolicy, setTypedPolicy] = useState(() => typePolicy(start.delivery_policy ?? defaultDeliveryPolicy));
	const [tried, setTried] = useState(false);
	const read = readSettings(settings, typed);
	const policy = readPolicy(typedPolicy);
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
		values: { name, settings: read.values, secrets: given, delivery_policy: policy.value },
		errors: tried ? read.errors : {},
		typedPolicy,
		policyErrors: tried ? policy.errors : {},
		changePolicy: (field: keyof TypedPolicy, value: string) => setTypedPolicy((values) => ({ ...values, [field]: value })),
		changeSetting: (field: string, value: string | boolean) => setTyped((values) => ({ ...values, [field]: value })),
		changeSecret: (field: string, value: string | boolean) => setTypedSecrets((values) => ({ ...values, [field]: String(value) })),
		/** False, and from then on says why, while a field can't be sent. */
		check() {
			setTried(true);
			return Object.keys(read.errors).length + Object.keys(policy.errors).length === 0;
		},
	};
};
