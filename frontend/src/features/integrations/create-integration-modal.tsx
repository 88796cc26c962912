import type { AdapterDescription, CreatedIntegration } from "@agentplanner/contracts";
import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { fieldErrors, otherFieldErrors } from "../../lib/problems.ts";
import { randomId } from "../../lib/random-id.ts";
import { adaptersQuery, createIntegration, integrationsQuery } from "../../queries/integrations.ts";
import { CreatedSecrets } from "./created-secrets.tsx";
import { SettingsFields } from "./settings-fields.tsx";
import { readSettings, type SettingField, settingFields } from "./settings-schema.ts";

type Props = { projectId: string; opened: boolean; onClose: () => void; onCreated: (integrationId: string) => void };

export const CreateIntegrationModal = ({ projectId, opened, onClose, onCreated }: Props) => {
	const [created, setCreated] = useState<CreatedIntegration | null>(null);
	const secretsShown = created !== null && Object.keys(created.created_secrets).length > 0;
	const finish = (integration: CreatedIntegration) => {
		setCreated(null);
		onClose();
		onCreated(integration.id);
	};
	return (
		<Modal
			opened={opened}
			onClose={() => (created === null ? onClose() : finish(created))}
			title={secretsShown ? "Copy the secrets now" : "Connect a channel"}
			closeButtonProps={{ "aria-label": "Close" }}
			// Secrets are shown once: a slip of the mouse must not take them away.
			closeOnClickOutside={!secretsShown}
			closeOnEscape={!secretsShown}
		>
			{created !== null && secretsShown ? (
				<CreatedSecrets integration={created} onDone={() => finish(created)} />
			) : (
				<ChooseAdapter
					projectId={projectId}
					onCreated={(integration) => (Object.keys(integration.created_secrets).length > 0 ? setCreated(integration) : finish(integration))}
				/>
			)}
		</Modal>
	);
};

type FormProps = { projectId: string; onCreated: (integration: CreatedIntegration) => void };

const ChooseAdapter = (props: FormProps) => {
	const adapters = useQuery(adaptersQuery());
	const [chosenId, setChosenId] = useState<string | null>(null);
	if (adapters.isPending) return <LoadingRows rows={4} />;
	if (adapters.isError) return <LoadError error={adapters.error} retry={() => void adapters.refetch()} />;
	const adapter = adapters.data.items.find(({ id }) => id === chosenId) ?? adapters.data.items[0];
	if (adapter === undefined) return <p className="small">This installation has no adapters.</p>;
	return (
		<Stack gap="sm">
			{adapters.data.items.length > 1 && (
				<Select
					label="Kind of channel"
					allowDeselect={false}
					value={adapter.id}
					onChange={setChosenId}
					data={adapters.data.items.map(({ id, label }) => ({ value: id, label }))}
				/>
			)}
			<IntegrationForm key={adapter.id} adapter={adapter} {...props} />
		</Stack>
	);
};

const initialValues = (fields: SettingField[]): Record<string, string | boolean> =>
	Object.fromEntries(
		fields.flatMap(({ name, kind, initial }) => {
			if (initial === undefined) return [];
			return [[name, kind === "switch" ? initial === true : kind === "json" ? JSON.stringify(initial) : String(initial)]];
		}),
	);

const below = (errors: Record<string, string>, prefix: string): Record<string, string> =>
	Object.fromEntries(
		Object.entries(errors).flatMap(([name, message]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), message]] : [])),
	);

const IntegrationForm = ({ adapter, projectId, onCreated }: FormProps & { adapter: AdapterDescription }) => {
	const client = useQueryClient();
	const settings = settingFields(adapter.settings_schema);
	const secrets = settingFields(adapter.secrets_schema);
	const [key, setKey] = useState(randomId);
	const [name, setName] = useState(adapter.label);
	const [typed, setTyped] = useState(() => initialValues(settings));
	const [typedSecrets, setTypedSecrets] = useState<Record<string, string>>({});
	const [tried, setTried] = useState(false);
	const read = readSettings(settings, typed);

	const create = useMutation({
		mutationFn: () => {
			const given = Object.fromEntries(Object.entries(typedSecrets).filter(([, value]) => value !== ""));
			return createIntegration(projectId, { adapter: adapter.id, name, settings: read.values, secrets: given }, key);
		},
		onSuccess: (integration) => {
			void client.invalidateQueries({ queryKey: integrationsQuery(projectId).queryKey });
			setKey(randomId());
			onCreated(integration);
		},
	});
	const errors = fieldErrors(create.error);
	const shown = ["name", ...settings.map((field) => `settings.${field.name}`), ...secrets.map((field) => `secrets.${field.name}`)];
	const unplaced = otherFieldErrors(create.error, shown);
	const optional = settings.filter((field) => !field.required);
	const settingErrors: Record<string, string> = { ...below(errors, "settings."), ...(tried ? read.errors : {}) };
	const secretErrors = below(errors, "secrets.");
	const hiddenErrors = optional.some(({ name: field }) => field in settingErrors) || Object.keys(secretErrors).length > 0;
	const settingsInput = {
		values: typed,
		errors: settingErrors,
		onChange: (field: string, value: string | boolean) => setTyped((values) => ({ ...values, [field]: value })),
	};

	return (
		<form
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				setTried(true);
				if (!create.isPending && Object.keys(read.errors).length === 0) create.mutate();
			}}
		>
			<Stack gap="sm">
				<TextInput
					label="Name"
					description="How people here call it."
					required
					data-autofocus
					value={name}
					onChange={(event) => setName(event.currentTarget.value)}
					error={errors.name ?? null}
				/>
				<SettingsFields {...settingsInput} fields={settings.filter((field) => field.required)} />
				{(optional.length > 0 || secrets.length > 0) && (
					<details open={hiddenErrors || undefined}>
						<summary className="small dim">More settings and secrets</summary>
						<Stack gap="sm" mt="sm">
							<SettingsFields {...settingsInput} fields={optional} />
							<SettingsFields
								secret
								fields={secrets}
								values={typedSecrets}
								errors={secretErrors}
								onChange={(field, value) => setTypedSecrets((values) => ({ ...values, [field]: String(value) }))}
							/>
						</Stack>
					</details>
				)}
				{create.error !== null && (Object.keys(errors).length === 0 || unplaced.length > 0) && (
					<ErrorNotice error={create.error}>
						{unplaced.map(({ field, message }) => (
							<div key={field}>
								{field}: {message}
							</div>
						))}
					</ErrorNotice>
				)}
				<Group justify="end">
					<Button type="submit" loading={create.isPending}>
						Connect
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
