import type { PlanNode } from "@agentplanner/contracts";
import { Menu, UnstyledButton } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { FieldOutcome } from "./field-outcome.tsx";
import { useFieldEditor } from "./use-field-editor.ts";

type Look = { label: string; icon: ComponentType<{ size?: number; "aria-hidden"?: boolean }>; about?: string };

type Props<Field extends "kind" | "task_mode"> = {
	node: PlanNode;
	field: Field;
	label: string;
	looks: Record<PlanNode[Field], Look>;
};

/** One of a few values, saved as soon as it is chosen. */
export const ChoiceMenu = <Field extends "kind" | "task_mode">({ node, field, label, looks }: Props<Field>) => {
	const editor = useFieldEditor(node, field);
	const shown = looks[editor.value];
	return (
		<>
			<Menu position="bottom-start">
				<Menu.Target>
					<UnstyledButton className="property-button" aria-label={`${label}: ${shown.label}. Change`}>
						<shown.icon size={15} aria-hidden />
						{shown.label}
					</UnstyledButton>
				</Menu.Target>
				<Menu.Dropdown>
					{(Object.entries(looks) as [PlanNode[Field], Look][]).map(([value, { icon: Icon, label: name, about }]) => (
						<Menu.Item
							key={value}
							leftSection={<Icon size={15} />}
							rightSection={value === editor.value ? <IconCheck size={14} aria-label="chosen" /> : null}
							onClick={() => editor.commit(value)}
						>
							{name}
							{about !== undefined && <div className="tiny dim">{about}</div>}
						</Menu.Item>
					))}
				</Menu.Dropdown>
			</Menu>
			<FieldOutcome editor={editor} field={field} />
		</>
	);
};
