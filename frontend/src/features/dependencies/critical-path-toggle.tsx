import { Button } from "@mantine/core";
import { IconRouteAltLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { describeError } from "../../lib/problems.ts";
import { criticalPathQuery } from "../../queries/dependencies.ts";

type Props = { projectId: string; planId: string; shown: boolean; onToggle: () => void };

/** Shows which chain of tasks holds a plan up, or that there is none. */
export const CriticalPathToggle = ({ projectId, planId, shown, onToggle }: Props) => {
	const path = useQuery({ ...criticalPathQuery(projectId, planId), enabled: shown });
	const length = path.data?.nodes.length;
	return (
		<div className="critical-path">
			<Button
				variant={shown ? "light" : "subtle"}
				color={shown ? "accent" : "gray"}
				leftSection={<IconRouteAltLeft size={14} />}
				aria-pressed={shown}
				loading={shown && path.isPending}
				onClick={onToggle}
			>
				Critical path
			</Button>
			<span role="status" className="tiny dim">
				{!shown
					? ""
					: path.isError
						? describeError(path.error).detail
						: length === undefined
							? ""
							: length === 0
								? "No task waits for another one."
								: `${length} tasks, one after the other`}
			</span>
		</div>
	);
};
