import type {
	AttemptOutcome,
	DeliveryStatus,
	IntegrationHealth,
	ListeningStatus,
	NodeStatus,
	PlanStatus,
	PlanVisibility,
	RequestStatus,
} from "@agentplanner/contracts";
import {
	IconAlertTriangle,
	IconArchive,
	IconArrowForwardUp,
	IconBan,
	IconCircle,
	IconCircleCheckFilled,
	IconCircleDashed,
	IconCircleHalf2,
	IconCircleOff,
	IconCircleX,
	IconClockExclamation,
	IconClockHour3,
	IconEar,
	IconEarOff,
	IconEyeCheck,
	IconGavel,
	IconHelpCircle,
	IconHourglass,
	IconLoader2,
	IconLock,
	IconMessageQuestion,
	IconPencil,
	IconPlayerPause,
	IconPlayerPlay,
	IconRefresh,
	IconSend,
	IconThumbDown,
	IconUsers,
	IconWorld,
} from "@tabler/icons-react";
import type { ComponentType } from "react";

export type Tone = "gray" | "blue" | "amber" | "orange" | "green" | "red";
export type Look = {
	label: string;
	tone: Tone;
	icon: ComponentType<{ size?: number; className?: string; "aria-hidden"?: boolean }>;
	spin?: boolean;
};

export const nodeStatusLooks: Record<NodeStatus, Look> = {
	not_started: { label: "Not started", tone: "gray", icon: IconCircle },
	in_progress: { label: "In progress", tone: "amber", icon: IconCircleHalf2 },
	blocked: { label: "Blocked", tone: "red", icon: IconBan },
	completed: { label: "Completed", tone: "green", icon: IconCircleCheckFilled },
	cancelled: { label: "Cancelled", tone: "gray", icon: IconCircleOff },
};

export const planStatusLooks: Record<PlanStatus, Look> = {
	draft: { label: "Draft", tone: "gray", icon: IconPencil },
	active: { label: "Active", tone: "blue", icon: IconPlayerPlay },
	completed: { label: "Completed", tone: "green", icon: IconCircleCheckFilled },
	archived: { label: "Archived", tone: "gray", icon: IconArchive },
};

export const visibilityLooks: Record<PlanVisibility, Look> = {
	private: { label: "Private", tone: "amber", icon: IconLock },
	project: { label: "Whole project", tone: "gray", icon: IconUsers },
	public: { label: "Public link", tone: "orange", icon: IconWorld },
};

export const requestStatusLooks: Record<RequestStatus, Look> = {
	queued: { label: "Queued", tone: "gray", icon: IconHourglass },
	dispatched: { label: "Dispatched", tone: "blue", icon: IconSend },
	working: { label: "Working", tone: "blue", icon: IconLoader2, spin: true },
	input_required: { label: "Needs your reply", tone: "orange", icon: IconMessageQuestion },
	completed: { label: "Answered", tone: "green", icon: IconCircleCheckFilled },
	rejected: { label: "Declined", tone: "red", icon: IconThumbDown },
	failed: { label: "Failed", tone: "red", icon: IconAlertTriangle },
	expired: { label: "Expired", tone: "amber", icon: IconClockExclamation },
	cancelled: { label: "Cancelled", tone: "gray", icon: IconCircleOff },
};

/** Of what goes on only once people have decided. */
export const undecidedLook: Look = { label: "Needs a decision", tone: "orange", icon: IconGavel };

export const deliveryStatusLooks: Record<DeliveryStatus, Look> = {
	queued: { label: "Queued", tone: "gray", icon: IconHourglass },
	sending: { label: "Sending", tone: "blue", icon: IconLoader2, spin: true },
	retrying: { label: "Will retry", tone: "amber", icon: IconRefresh },
	unknown: { label: "Unclear", tone: "orange", icon: IconHelpCircle },
	delivered: { label: "Delivered", tone: "green", icon: IconSend },
	acknowledged: { label: "Seen by agent", tone: "green", icon: IconEyeCheck },
	cancelled: { label: "Cancelled", tone: "gray", icon: IconCircleOff },
	superseded: { label: "No longer needed", tone: "gray", icon: IconArrowForwardUp },
	dead: { label: "Gave up", tone: "red", icon: IconCircleX },
};

export const outcomeLooks: Record<AttemptOutcome | "running", Look> = {
	running: { label: "Running", tone: "blue", icon: IconLoader2, spin: true },
	delivered: { label: "Delivered", tone: "green", icon: IconCircleCheckFilled },
	rejected: { label: "Rejected", tone: "red", icon: IconCircleX },
	unauthorized: { label: "Not authorized", tone: "red", icon: IconLock },
	rate_limited: { label: "Rate limited", tone: "amber", icon: IconClockHour3 },
	unavailable: { label: "Not reachable", tone: "amber", icon: IconAlertTriangle },
	unknown: { label: "Unclear", tone: "orange", icon: IconHelpCircle },
	lost: { label: "Worker lost", tone: "orange", icon: IconHelpCircle },
};

export const healthLooks: Record<IntegrationHealth | "disabled" | "held" | "broken" | "retrying" | "deaf", Look> = {
	unknown: { label: "Unproven", tone: "gray", icon: IconCircleDashed },
	healthy: { label: "Works", tone: "green", icon: IconCircleCheckFilled },
	unauthorized: { label: "Not authorized", tone: "red", icon: IconLock },
	failing: { label: "Failing", tone: "red", icon: IconAlertTriangle },
	retrying: { label: "Retrying", tone: "amber", icon: IconRefresh },
	held: { label: "Resting", tone: "amber", icon: IconClockHour3 },
	broken: { label: "Not answering", tone: "orange", icon: IconClockExclamation },
	deaf: { label: "Not listening", tone: "red", icon: IconEarOff },
	disabled: { label: "Disabled", tone: "gray", icon: IconPlayerPause },
};

export const listeningLooks: Record<ListeningStatus["state"], Look> = {
	connecting: { label: "Connecting", tone: "blue", icon: IconLoader2, spin: true },
	listening: { label: "Listening", tone: "green", icon: IconEar },
	reconnecting: { label: "Reconnecting", tone: "amber", icon: IconRefresh },
	refused: healthLooks.deaf,
	unattended: healthLooks.deaf,
	off: { label: "Not listening", tone: "gray", icon: IconEarOff },
};

export const StatusIcon = ({ look, size = 16 }: { look: Look; size?: number }) => (
	<look.icon size={size} aria-hidden className={look.spin === true ? "spin" : ""} />
);

export const StatusBadge = ({ look }: { look: Look }) => (
	<span className={`status tone-${look.tone}`}>
		<StatusIcon look={look} size={14} />
		{look.label}
	</span>
);
