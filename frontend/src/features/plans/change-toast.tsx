import { ActionIcon, Button } from "@mantine/core";
import { IconAlertTriangle, IconArrowBackUp, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { News } from "./use-undo.ts";

type Props = { news: News; undoing: boolean; onUndo: () => void; onClose: () => void };

const shownMs = 10_000;

/** What was just done, and the way back. It goes by itself, unless it was refused or somebody is at it. Mount it anew for each news. */
export const ChangeToast = ({ news: { said, tone, undoable }, undoing, onUndo, onClose }: Props) => {
	const [held, setHeld] = useState(false);
	const stays = held || undoing || tone === "refused";
	useEffect(() => {
		if (stays) return;
		const timer = setTimeout(onClose, shownMs);
		return () => clearTimeout(timer);
	}, [stays, onClose]);
	return (
		<fieldset
			className="change-toast"
			aria-label="Last change"
			data-tone={tone}
			onPointerEnter={() => setHeld(true)}
			onPointerLeave={() => setHeld(false)}
			onFocus={() => setHeld(true)}
			onBlur={() => setHeld(false)}
		>
			{tone === "refused" && <IconAlertTriangle size={16} aria-hidden />}
			<span className="change-said" role={tone === "refused" ? "alert" : undefined}>
				{said}
			</span>
			{undoable && (
				<Button variant="subtle" loading={undoing} leftSection={<IconArrowBackUp size={15} />} onClick={onUndo}>
					Undo
				</Button>
			)}
			<ActionIcon variant="subtle" color="gray" aria-label="Dismiss" onClick={onClose}>
				<IconX size={16} />
			</ActionIcon>
		</fieldset>
	);
};
