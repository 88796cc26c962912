import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNotice } from "./notice.tsx";

type Props = {
	opened: boolean;
	onClose: () => void;
	title: string;
	confirmLabel: string;
	keepLabel?: string | undefined;
	/** What happens then, and that it can't be undone. */
	children: ReactNode;
	/** Does it; why it was refused is shown here. */
	act: () => Promise<unknown>;
};

/** Asks before something that can't be undone. */
export const ConfirmModal = ({ opened, onClose, title, ...rest }: Props) => (
	<Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": "Close" }}>
		<Question onClose={onClose} {...rest} />
	</Modal>
);

const Question = ({ onClose, confirmLabel, keepLabel = "Keep it", children, act }: Omit<Props, "opened" | "title">) => {
	const action = useMutation({ mutationFn: act, onSuccess: onClose });
	return (
		<Stack gap="sm">
			<div className="small">{children}</div>
			{action.error !== null && <ErrorNotice error={action.error} />}
			<Group justify="end" gap="xs">
				<Button variant="default" data-autofocus onClick={onClose}>
					{keepLabel}
				</Button>
				<Button color="red" loading={action.isPending} onClick={() => action.mutate()}>
					{confirmLabel}
				</Button>
			</Group>
		</Stack>
	);
};
