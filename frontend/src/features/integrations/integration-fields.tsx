import { Stack, TextInput } from "@mantine/core";
import { FormProblem } from "../../components/form-problem.tsx";
import { fieldErrors } from "../../lib/problems.ts";
import { DeliveryFields } from "./delivery-fields.tsx";
import { SettingsFields } from "./settings-fields.tsx";
import type { SettingField } from "./settings-schema.ts";
import type { IntegrationForm } from "./use-integration-form.ts";

const below = (errors: Record<string, string>, prefix: string): Record<string, string> =>
	Object.fromEntries(
		Object.entries(errors).flatMap(([name, message]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), message]] : [])),
	);

/** All inputs of a channel, with what was wrong about each; `unfolded` shows the optional ones at once. */
export const IntegrationFields = (props: {
	form: IntegrationForm;
	error: unknown;
	secretHint: (name: string) => string;
	/** Which secrets nothing works without, and nobody makes. */
	needsSecret?: (field: SettingField) => boolean;
	/** Which secrets are set and may be taken out. */
	canRemove?: (field: SettingField) => boolean;
	unfolded?: boolean;
}) => {
	const { form, error, secretHint, needsSecret, canRemove, unfolded } = props;
	const { settings, secrets, typed, typedSecrets } = form;
	const errors = fieldErrors(error);
	const policyErrors: Record<string, string> = { ...below(errors, "delivery_policy."), ...form.policyErrors };
	const policyFields = Object.keys(form.typedPolicy).map((field) => `delivery_policy.${field}`);
	const shown = [
		"name",
		...policyFields,
		...settings.map((field) => `settings.${field.name}`),
		...secrets.map((field) => `secrets.${field.name}`),
	];
	const optional = settings.filter((field) => !field.required && !field.prominent);
	const neededSecrets = secrets.filter((field) => needsSecret?.(field) ?? false);
	const isProminent = ({ prominent, required }: SettingField) => prominent || (unfolded === true && required);
	const prominentSecrets = secrets.filter((field) => isProminent(field) && !neededSecrets.includes(field));
	const otherSecrets = secrets.filter((field) => !neededSecrets.includes(field) && !prominentSecrets.includes(field));
	const settingErrors: Record<string, string> = { ...below(errors, "settings."), ...form.errors };
	const secretErrors = below(errors, "secrets.");
	const hiddenErrors = optional.some(({ name }) => name in settingErrors) || otherSecrets.some(({ name }) => name in secretErrors);
	const settingsInput = { values: typed, errors: settingErrors, onChange: form.changeSetting };
	const removal = canRemove && { canRemove, removed: form.removed, onChange: form.changeRemoved };
	const secretsInput = { values: typedSecrets, errors: secretErrors, onChange: form.changeSecret, removal };

	return (
		<>
			<TextInput
				label="Name"
				description="What people here call it."
				required
				data-autofocus
				value={form.name}
				onChange={(event) => form.setName(event.currentTarget.value)}
				error={errors.name ?? null}
			/>
			<SettingsFields {...settingsInput} fields={settings.filter((field) => !optional.includes(field))} />
			<SettingsFields {...secretsInput} secretHint={() => ""} fields={neededSecrets} needed />
			<SettingsFields {...secretsInput} secretHint={secretHint} fields={prominentSecrets} />
			{(optional.length > 0 || otherSecrets.length > 0) && (
				<details open={hiddenErrors || unfolded || undefined}>
					<summary className="small dim">More settings and secrets</summary>
					<Stack gap="sm" mt="sm">
						<SettingsFields {...settingsInput} fields={optional} />
						<SettingsFields {...secretsInput} secretHint={secretHint} fields={otherSecrets} />
					</Stack>
				</details>
			)}
			<DeliveryFields typed={form.typedPolicy} errors={policyErrors} onChange={form.changePolicy} />
			<FormProblem error={error} shown={shown} />
		</>
	);
};
