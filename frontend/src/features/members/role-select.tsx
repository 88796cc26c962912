import { type Role, roles } from "@agentplanner/contracts";
import { Select, type SelectProps } from "@mantine/core";
import { roleWords } from "./role-words.ts";

type Props = Omit<SelectProps, "value" | "onChange" | "data"> & {
	value: Role;
	onChange: (role: Role) => void;
	/** Only an owner makes owners. */
	ownerToo: boolean;
};

/** Chooses a role, each with what it may. */
export const RoleSelect = ({ value, onChange, ownerToo, ...rest }: Props) => (
	<Select
		allowDeselect={false}
		value={value}
		onChange={(role) => {
			if (role !== null && role !== value) onChange(role as Role);
		}}
		data={roles.filter((role) => ownerToo || role !== "owner").map((role) => ({ value: role, label: roleWords[role].label }))}
		renderOption={({ option }) => (
			<span className="row-text">
				<span>{option.label}</span>
				<span className="tiny dim">{roleWords[option.value as Role].may}</span>
			</span>
		)}
		comboboxProps={{ width: 260, position: "bottom-end" }}
		{...rest}
	/>
);
