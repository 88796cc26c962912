import type { AdapterDescription, Integration } from "@agentplanner/contracts";
import { Button, Group, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Notice } from "../../components/notice.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { adaptersQuery, integrationsQuery } from "../../queries/integrations.ts";
import { sayPolicy } from "./delivery-policy.ts";
import { IntegrationFields } from "./integration-fields.tsx";
import { IntegrationConflict, saveIntegration } from "./save-integration.ts";
import { type SettingField, settingLabel } from "./settings-schema.ts";
import { showSetting } from "./show-setting.ts";
import { useIntegrationForm } from "./use-integration-form.ts";

type Props = { integration: Integration; onDone: () => void };

export const EditIntegration = ({ integration, onDone }: Props) => {
	const adapters = useQuery(adaptersQuery());
	if (adapters.isPending) return <LoadingRows rows={4} />;
	if (adapters.data === undefined) return <LoadError error={adapters.error} retry={() => void adapters.refetch()} />;
	const adapter = adapters.data.items.find(({ id }) => id === integration.adapter);
	if (adapter === undefined) {
		return (
			<Notice tone="amber" title={`This installation no longer has the adapter “${integration.adapter}”`}>
				Without it the settings can't be checked, so they can't be changed.
			</Notice>
		);
	}
	return <EditForm adapter={adapter} integration={integration} onDone={onDone} />;
};

/** Keeps what was there when the editing began: news from elsewhere doesn't touch what is typed. */
const EditForm = ({ adapter, integration, onDone }: Props & { adapter: AdapterDescription }) => {
	const client = useQueryClient();
	const [base] = useState(integration);
	const form = useIntegrationForm(adapter, base);
	const save = useMutation({
		mutationFn: (on: Integration) => {
			const removals = Object.fromEntries(form.removed.map((name) => [name, null]));
			return saveIntegration(on, { ...form.values, secrets: { ...form.values.secrets, ...removals } });
		},
		onSuccess: async () => {
			await client.invalidateQueries({ queryKey: integrationsQuery(base.project_id).queryKey });
			onDone();
		},
	});
	const conflict = save.error instanceof IntegrationConflict ? save.error : null;
	const submit = () => {
		if (form.check() && !save.isPending) save.mutate(conflict?.theirs ?? base);
	};

	return (
		<form
			noValidate
			aria-label={`Edit ${base.name}`}
			onSubmit={(event) => {
				event.preventDefault();
				submit();
			}}
		>
			<Stack gap="sm">
				<IntegrationFields
					form={form}
					error={conflict === null ? save.error : null}
					secretHint={(name) => (base.secrets[name] === true ? "Left empty, it stays as it is" : "Not set")}
					canRemove={({ name, required }) => !required && base.secrets[name] === true}
					unfolded
				/>
				{conflict !== null && <ConflictNotice theirs={conflict.theirs} fields={form.settings} />}
				<Group gap="xs">
					<Button type="submit" loading={save.isPending}>
						{conflict === null ? "Save" : "Save mine"}
					</Button>
					<Button variant="default" onClick={onDone}>
						{conflict === null ? "Cancel" : "Take theirs"}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};

const ConflictNotice = ({ theirs, fields }: { theirs: Integration; fields: SettingField[] }) => (
	<Notice tone="orange" title="Somebody else changed this while you were editing" alert>
		Yours is still here and nothing was overwritten. Saved now is:
		<div className="pre">
			{[
				["Name", theirs.name],
				...Object.entries(theirs.settings).map(([name, value]) => [settingLabel(fields, name), value]),
				["Delivery", sayPolicy(theirs.delivery_policy)],
			]
				.map(([label, value]) => `${label}: ${showSetting(value)}`)
				.join("\n")}
		</div>
	</Notice>
);
