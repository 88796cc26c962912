import { Tooltip } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useLiveDown } from "../../live/live-provider.tsx";

/** Shows only while changes may be late. */
export const LiveHint = () => {
	const down = useLiveDown();
	return (
		<div role="status" className="live-hint">
			{down && (
				<Tooltip label="Changes may show late until the connection is back. Nothing is lost.">
					<span className="status tone-amber">
						<IconCloudOff size={14} aria-hidden />
						Reconnecting…
					</span>
				</Tooltip>
			)}
		</div>
	);
};
