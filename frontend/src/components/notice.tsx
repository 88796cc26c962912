import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, type TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { describeError } from "../lib/problems.ts";
import type { Tone } from "./status.tsx";

const icons: Partial<Record<Tone, TablerIcon>> = { blue: IconInfoCircle, gray: IconInfoCircle, green: IconCircleCheck };

/** Says what is the matter, why, and what to do. */
export const Notice = ({ tone, title, children, alert }: { tone: Tone; title: ReactNode; children?: ReactNode; alert?: boolean }) => {
	const Icon = icons[tone] ?? IconAlertTriangle;
	return (
		<div className={`notice tone-${tone}`} role={alert === true ? "alert" : undefined}>
			<Icon size={16} aria-hidden />
			<div>
				<strong>{title}</strong>
				{children !== undefined && children !== null && <div className="dim">{children}</div>}
			</div>
		</div>
	);
};

export const ErrorNotice = ({ error, children }: { error: unknown; children?: ReactNode }) => {
	const { title, detail, requestId } = describeError(error);
	return (
		<Notice tone="red" title={title} alert>
			{detail}
			{children}
			{requestId !== null && <div className="tiny num">Request {requestId}</div>}
		</Notice>
	);
};
