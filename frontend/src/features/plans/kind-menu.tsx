import { type NodeKind, nodeKinds, type PlanNode } from "@agentplanner/contracts";
import { Menu, UnstyledButton } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { FieldOutcome } from "./field-outcome.tsx";
import { nodeKindLooks } from "./node-kinds.ts";
import { useFieldEditor } from "./use-field-editor.ts";

export const KindMenu = ({ node }: { node: PlanNode }) => {
	const editor = useFieldEditor(node, "kind");
	const look = nodeKindLooks[editor.value as NodeKind];
	return (
		<>
			<Menu position="bottom-start">
				<Menu.Target>
					<UnstyledButton className="property-button" aria-label={`Kind: ${look.label}. Change`}>
						<look.icon size={15} aria-hidden />
						{look.label}
					</UnstyledButton>
				</Menu.Target>
				<Menu.Dropdown>
					{nodeKinds.map((kind) => {
						const { icon: Icon, label } = nodeKindLooks[kind];
						return (
							<Menu.Item
								key={kind}
								leftSection={<Icon size={15} />}
								rightSection={kind === node.kind ? <IconCheck size={14} aria-label="chosen" /> : null}
								onClick={() => editor.commit(kind)}
							>
								{label}
							</Menu.Item>
						);
					})}
				</Menu.Dropdown>
			</Menu>
			<FieldOutcome editor={editor} field="kind" />
		</>
	);
};
