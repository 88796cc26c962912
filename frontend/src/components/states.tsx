import { Button, Skeleton, Stack } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { ErrorNotice } from "./notice.tsx";
import "./states.css";

type EmptyProps = {
	icon: ComponentType<{ size?: number; stroke?: number; "aria-hidden"?: boolean }>;
	title: string;
	children: ReactNode;
	action?: ReactNode;
};

/** Nothing here yet: says what would be here, and how to get it. */
export const EmptyState = ({ icon: Icon, title, children, action }: EmptyProps) => (
	<div className="empty-state">
		<span className="empty-state-icon">
			<Icon size={22} stroke={1.6} aria-hidden />
		</span>
		<h2>{title}</h2>
		<div className="dim small">{children}</div>
		{action}
	</div>
);

/** A read that failed, with a way to try again. */
export const LoadError = ({ error, retry }: { error: unknown; retry: () => void }) => (
	<Stack gap="sm" maw={560} mx="auto" mt="xl" w="100%">
		<ErrorNotice error={error} />
		<Button variant="default" leftSection={<IconRefresh size={14} />} onClick={retry} style={{ alignSelf: "start" }}>
			Try again
		</Button>
	</Stack>
);

const widths = [62, 44, 71, 55, 38, 66, 49, 58];

export const LoadingRows = ({ rows = 6, height = 14 }: { rows?: number; height?: number }) => (
	<Stack gap="md" role="status" aria-label="Loading">
		{widths.slice(0, rows).map((width) => (
			<Skeleton key={width} height={height} width={`${width}%`} />
		))}
	</Stack>
);
