import { ConfirmModal } from "./confirm-modal.tsx";

/** Asks before changes of routes that were not saved are taken away. */
export const LeaveQuestion = ({ opened, onStay, onLeave }: { opened: boolean; onStay: () => void; onLeave: () => void }) => (
	<ConfirmModal
		opened={opened}
		onClose={onStay}
		title="Routes not saved"
		keepLabel="Stay"
		confirmLabel="Leave without saving"
		act={async () => onLeave()}
	>
		What you changed in them is lost when you leave.
	</ConfirmModal>
);
