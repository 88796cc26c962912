import { publicLinkEnded, publicSocketPath } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { isProblem } from "../lib/problems.ts";
import { publicPlanQuery } from "../queries/sharing.ts";
import { openReconnectingSocket, socketUrl } from "./reconnecting-socket.ts";

/** A plan in which much happens is read once for all of it. */
const gatherMs = 1_000;

/** What a public link shows, read again whenever the plan has changed, for as long as the link is good. */
export const usePublicPlan = (key: string) => {
	const plan = useQuery(publicPlanQuery(key));
	const { refetch } = plan;
	const isShown = plan.data !== undefined && !isProblem(plan.error, "not_found");
	useEffect(() => {
		if (!isShown) return;
		let due: ReturnType<typeof setTimeout> | undefined;
		const readSoon = () => {
			due ??= setTimeout(() => {
				due = undefined;
				void refetch();
			}, gatherMs);
		};
		// Something may have happened since it was read, or while the socket was down.
		const socket = openReconnectingSocket(socketUrl(publicSocketPath(key)), {
			onUp: readSoon,
			onDown: (code) => {
				if (code === publicLinkEnded) socket.close();
			},
			onText: readSoon,
		});
		return () => {
			clearTimeout(due);
			socket.close();
		};
	}, [key, isShown, refetch]);
	return plan;
};
