import { isOpenRequest, type RequestOverview } from "@agentplanner/contracts";
import { IconPlayerPause, IconRefresh, IconSend } from "@tabler/icons-react";
import { type Look, requestStatusLooks, undecidedLook } from "../../components/status.tsx";

const looks = {
	held: { label: "Held", tone: "amber", icon: IconPlayerPause },
	retrying: { label: "Retrying", tone: "amber", icon: IconRefresh },
	delivered: { label: "Delivered", tone: "blue", icon: IconSend },
} as const satisfies Record<string, Look>;

/** How a request stands: its status, but never “dispatched” while nothing has got through; `undecided`: people must decide something in it. */
export const requestLook = ({ status, deliveries }: RequestOverview, { waitsForRepair = false, undecided = false } = {}): Look => {
	if (waitsForRepair) return looks.held;
	if (undecided && isOpenRequest(status) && status !== "input_required") return undecidedLook;
	if (status !== "dispatched") return requestStatusLooks[status];
	if (deliveries.arrived > 0) return looks.delivered;
	if (deliveries.held > 0 && deliveries.held === deliveries.total) return looks.held;
	if (deliveries.retrying > 0) return looks.retrying;
	return deliveries.held > 0 ? looks.held : requestStatusLooks.dispatched;
};

/** The first line with something in it, for lists and headings. */
export const firstLine = (text: string): string =>
	text
		.split("\n")
		.find((line) => line.trim() !== "")
		?.trim() ?? "";
