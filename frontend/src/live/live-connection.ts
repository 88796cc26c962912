import { SocketMessage, type SocketRequest } from "@agentplanner/contracts";
import { openReconnectingSocket } from "./reconnecting-socket.ts";

export type LiveConnection = { follow(projectId: string): void; close(): void };

type Listeners = {
	onMessage(message: SocketMessage): void;
	onUp(): void;
	onDown(): void;
};

/**
 * One socket for the whole tab. It follows one project at a time and remembers the last position of each, so that a
 * reconnect, or a return to a project, continues where it stopped.
 */
export const openLiveConnection = (url: string, listeners: Listeners): LiveConnection => {
	const positions = new Map<string, number>();
	let projectId: string | null = null;

	const subscribe = () => {
		if (projectId === null) return;
		const after = positions.get(projectId) ?? null;
		socket.send(JSON.stringify({ type: "subscribe", project_id: projectId, after } satisfies SocketRequest));
	};

	const receive = (text: string) => {
		let json: unknown;
		try {
			json = JSON.parse(text);
		} catch {
			return;
		}
		const parsed = SocketMessage.safeParse(json);
		if (!parsed.success) return;
		const message = parsed.data;
		if (message.type !== "refused") {
			const known = positions.get(message.project_id) ?? -1;
			positions.set(message.project_id, Math.max(known, message.position));
		}
		listeners.onMessage(message);
	};

	const socket = openReconnectingSocket(url, {
		onUp: () => {
			listeners.onUp();
			subscribe();
		},
		onDown: () => listeners.onDown(),
		onText: receive,
	});

	return {
		follow(next) {
			if (projectId === next) return;
			projectId = next;
			subscribe();
		},
		close: socket.close,
	};
};
