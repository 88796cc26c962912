import { Checkbox, PasswordInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import type { SettingField } from "./settings-schema.ts";

type Props = {
	fields: SettingField[];
	values: Record<string, string | boolean>;
	errors: Record<string, string | undefined>;
	/** Given for secrets: what an empty one means. */
	secretHint?: (name: string) => string;
	/** Whether these secrets can't be left empty. */
	needed?: boolean;
	/** Given where secrets can be taken out. */
	removal?:
		| { canRemove: (field: SettingField) => boolean; removed: string[]; onChange: (name: string, isRemoved: boolean) => void }
		| undefined;
	onChange: (name: string, value: string | boolean) => void;
};

/** One input per setting, as the adapter's schema describes it. */
export const SettingsFields = ({ fields, values, errors, secretHint, needed = false, removal, onChange }: Props) =>
	fields.map((field) => {
		const shared = {
			label: field.label,
			description: field.description,
			required: secretHint === undefined ? field.required : needed,
			error: errors[field.name] === undefined ? null : `${field.label} ${errors[field.name]}`,
		};
		const text = String(values[field.name] ?? "");
		if (secretHint !== undefined) {
			const isRemoved = removal?.removed.includes(field.name) ?? false;
			return (
				<div key={field.name}>
					<PasswordInput
						{...shared}
						size="sm"
						autoComplete="off"
						placeholder={isRemoved ? "Is taken out when you save" : secretHint(field.name)}
						disabled={isRemoved}
						value={isRemoved ? "" : text}
						onChange={(event) => onChange(field.name, event.currentTarget.value)}
						visibilityToggleButtonProps={{ "aria-label": `Show or hide ${field.label}` }}
					/>
					{removal?.canRemove(field) && (
						<Checkbox
							mt={6}
							size="xs"
							label="Take it out"
							aria-label={`Take ${field.label} out`}
							checked={isRemoved}
							onChange={(event) => removal.onChange(field.name, event.currentTarget.checked)}
						/>
					)}
				</div>
			);
		}
		if (field.kind === "switch") {
			return (
				<Switch
					key={field.name}
					{...shared}
					checked={values[field.name] === true}
					onChange={(event) => onChange(field.name, event.currentTarget.checked)}
				/>
			);
		}
		if (field.kind === "choice") {
			return (
				<Select
					key={field.name}
					{...shared}
					data={field.choices}
					value={text || null}
					onChange={(value) => onChange(field.name, value ?? "")}
				/>
			);
		}
		if (field.kind === "json") {
			return (
				<Textarea
					key={field.name}
					{...shared}
					placeholder={'As JSON: {"X-Team": "planning"}'}
					autosize
					minRows={2}
					value={text}
					onChange={(event) => onChange(field.name, event.currentTarget.value)}
					styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
				/>
			);
		}
		return (
			<TextInput
				key={field.name}
				{...shared}
				type={field.kind === "url" ? "url" : "text"}
				inputMode={field.kind === "number" ? "numeric" : field.kind === "url" ? "url" : "text"}
				value={text}
				onChange={(event) => onChange(field.name, event.currentTarget.value)}
			/>
		);
	});
