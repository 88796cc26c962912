import { UnstyledButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";

/** Stands for a field that is empty. */
export const AddFieldButton = ({ label, onClick }: { label: string; onClick: () => void }) => (
	<UnstyledButton className="add-field" onClick={onClick}>
		<IconPlus size={13} aria-hidden />
		{label}
	</UnstyledButton>
);
