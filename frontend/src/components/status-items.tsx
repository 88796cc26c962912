import { Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { type Look, StatusIcon } from "./status.tsx";

type Props<Status extends string> = {
	looks: Record<Status, Look>;
	/** Where there is one that they have. */
	chosen?: Status;
	onChoose: (status: Status) => void;
};

/** The statuses that something can have, as the items of a menu. */
export const StatusItems = <Status extends string>({ looks, chosen, onChoose }: Props<Status>) =>
	(Object.entries(looks) as [Status, Look][]).map(([status, look]) => (
		<Menu.Item
			key={status}
			leftSection={
				<span className={`tone-icon tone-${look.tone}`}>
					<StatusIcon look={look} />
				</span>
			}
			rightSection={status === chosen ? <IconCheck size={14} aria-label="chosen" /> : null}
			onClick={() => onChoose(status)}
		>
			{look.label}
		</Menu.Item>
	));
