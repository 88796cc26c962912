import { UnstyledButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { Ref } from "react";

type Props = { label: string; onClick: () => void; ref?: Ref<HTMLButtonElement> };

/** Stands for a field that is empty. */
export const AddFieldButton = ({ label, onClick, ref }: Props) => (
	<UnstyledButton ref={ref} className="add-field" onClick={onClick}>
		<IconPlus size={13} aria-hidden />
		{label}
	</UnstyledButton>
);
