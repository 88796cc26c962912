import { type PlanRole, planRoles } from "@agentplanner/contracts";
import { Select, type SelectProps } from "@mantine/core";

export const planRoleWords: Record<PlanRole, { label: string; may: string }> = {
	admin: { label: "Admin", may: "edits, and shares the plan" },
	editor: { label: "Editor", may: "edits, asks agents, decides" },
	viewer: { label: "Viewer", may: "reads" },
};

type Props = Omit<SelectProps, "value" | "onChange" | "data"> & { value: PlanRole; onChange: (role: PlanRole) => void };

/** Chooses a role in a plan, each with what it may. */
export const PlanRoleSelect = ({ value, onChange, ...rest }: Props) => (
	<Select
		allowDeselect={false}
		value={value}
		onChange={(role) => {
			if (role !== null && role !== value) onChange(role as PlanRole);
		}}
		data={planRoles.map((role) => ({ value: role, label: planRoleWords[role].label }))}
		renderOption={({ option }) => (
			<span className="row-text">
				<span>{option.label}</span>
				<span className="tiny dim">{planRoleWords[option.value as PlanRole].may}</span>
			</span>
		)}
		comboboxProps={{ width: 220, position: "bottom-end" }}
		{...rest}
	/>
);
