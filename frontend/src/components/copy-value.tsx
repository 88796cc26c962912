import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import "./copy-value.css";

export const CopyValue = ({ label, value }: { label: string; value: string }) => {
	const clipboard = useClipboard({ timeout: 1_500 });
	return (
		<div className="copy-value">
			<code>{value}</code>
			<Tooltip label={clipboard.copied ? "Copied" : "Copy"}>
				<ActionIcon variant="subtle" color="gray" aria-label={`Copy ${label}`} onClick={() => clipboard.copy(value)}>
					{clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
				</ActionIcon>
			</Tooltip>
			<span className="visually-hidden" role="status">
				{clipboard.copied ? "Copied" : ""}
			</span>
		</div>
	);
};
