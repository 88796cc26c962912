import type { SocketMessage } from "@agentplanner/contracts";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { type LiveConnection, openLiveConnection } from "./live-connection.ts";
import { socketUrl } from "./reconnecting-socket.ts";
import { createRefresher } from "./refresher.ts";

/** Shorter gaps than this are not worth a word on the screen. */
const hintAfterMs = 2_000;

const DownContext = createContext(false);

/** True while changes may be late because the socket has been down for a while. */
export const useLiveDown = (): boolean => useContext(DownContext);

/** Keeps what the page shows true: listens to the open project and reads again what changed. */
export const LiveProvider = ({ projectId, children }: { projectId: string; children: ReactNode }) => {
	const client = useQueryClient();
	const connection = useRef<LiveConnection>(null);
	const [down, setDown] = useState(false);

	useEffect(() => {
		const refresher = createRefresher(client);
		let hint: ReturnType<typeof setTimeout> | undefined;
		const onMessage = (message: SocketMessage) => {
			if (message.type === "changed") refresher.changed(message.project_id, message.entity, message.id);
			// After a fresh subscription too: what was read until now may be older than the stream's start. And what was read by somebody
			// who may no longer is refused from now on, which the page then says.
			else refresher.everything(message.project_id);
			// Signed out, no longer a member, or one with another role: the session read decides what the page does.
			if (message.type !== "changed" && message.type !== "subscribed") void client.invalidateQueries({ queryKey: ["session"] });
		};
		const opened = openLiveConnection(socketUrl("/api/v1/socket"), {
			onMessage,
			onUp: () => {
				clearTimeout(hint);
				hint = undefined;
				setDown(false);
			},
			onDown: () => {
				hint ??= setTimeout(() => {
					setDown(true);
					void client.invalidateQueries({ queryKey: ["session"] });
				}, hintAfterMs);
			},
		});
		connection.current = opened;
		return () => {
			clearTimeout(hint);
			refresher.stop();
			opened.close();
		};
	}, [client]);

	useEffect(() => connection.current?.follow(projectId), [projectId]);

	return <DownContext value={down}>{children}</DownContext>;
};
