import { ActionIcon, Portal } from "@mantine/core";
import { IconAlertTriangle, IconX } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import "./toast.css";

type Props = {
	label: string;
	children: ReactNode;
	/** What can be done about it. */
	action?: ReactNode;
	/** That is being done. */
	busy?: boolean;
	/** Says why something was refused. */
	refused?: boolean;
	/** Something else tells those who don't see it. */
	announced?: boolean;
	onClose: () => void;
};

const shownMs = 10_000;

/** News. It goes by itself, unless somebody is at it. Mount it anew for each news. */
export const Toast = ({ label, children, action, busy = false, refused = false, announced = false, onClose }: Props) => {
	const [held, setHeld] = useState(false);
	const stays = held || busy;
	useEffect(() => {
		if (stays) return;
		const timer = setTimeout(onClose, shownMs);
		return () => clearTimeout(timer);
	}, [stays, onClose]);
	return (
		<fieldset
			className="toast"
			aria-label={label}
			onPointerEnter={() => setHeld(true)}
			onPointerLeave={() => setHeld(false)}
			onFocus={() => setHeld(true)}
			onBlur={() => setHeld(false)}
		>
			{refused && <IconAlertTriangle size={16} aria-hidden />}
			<span className="toast-said wrap" role={refused ? "alert" : announced ? undefined : "status"}>
				{children}
			</span>
			{action}
			<ActionIcon variant="subtle" color="gray" aria-label="Dismiss" onClick={onClose}>
				<IconX size={16} />
			</ActionIcon>
		</fieldset>
	);
};

/** The same at the foot of the page, over all else. */
export const FloatingToast = (props: Props) => (
	<Portal>
		<div className="toast-place">
			<Toast {...props} />
		</div>
	</Portal>
);
