import { publicLinkEnded, publicSocketPath } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { isProblem } from "../lib/problems.ts";
import { publicPlanQuery } from "../queries/sharing.ts";
import { openReconnectingSocket, socketUrl } from "./reconnecting-socket.ts";
import { createReread } from "./reread.ts";

/** What a public link shows, read again whenever the plan has changed, for as long as the link is good. */
export const usePublicPlan = (key: string) => {
	const plan = useQuery(publicPlanQuery(key));
	const { refetch } = plan;
	const isShown = plan.data !== undefined && !isProblem(plan.error, "not_found");
	useEffect(() => {
		if (!isShown) return;
		const reread = createReread(async () => !(await refetch()).isRefetchError);
		// Something may have happened since it was read, or while the socket was down; without one it is asked for at each try to get one.
		const socket = openReconnectingSocket(socketUrl(publicSocketPath(key)), {
			onUp: reread.soon,
			onDown: (code) => {
				if (code === publicLinkEnded) socket.close();
				else reread.soon();
			},
			onText: reread.soon,
		});
		return () => {
			reread.stop();
			socket.close();
		};
	}, [key, isShown, refetch]);
	return plan;
};
