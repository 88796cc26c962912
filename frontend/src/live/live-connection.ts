import { SocketMessage, type SocketRequest } from "@agentplanner/contracts";

/** How long to wait before the next try: doubling from half a second to 15, with jitter so that tabs don't come in step. */
export const reconnectDelayMs = (attempt: number, random: () => number): number => {
	const ceiling = Math.min(500 * 2 ** attempt, 15_000);
	return Math.round(ceiling * (0.5 + random() / 2));
};

export type LiveConnection = { follow(projectId: string): void; close(): void };

type Listeners = {
	onMessage(message: SocketMessage): void;
	onUp(): void;
	onDown(): void;
};

/**
 * One socket for the whole tab. It follows one project at a time and remembers the last position of each, so that a
 * reconnect, or a return to a project, continues where it stopped.
 *
 * closed → connecting → open → (lost) → waiting → connecting …; `close()` ends it from any state.
 */
export const openLiveConnection = (url: string, listeners: Listeners): LiveConnection => {
	const positions = new Map<string, number>();
	let projectId: string | null = null;
	let socket: WebSocket | null = null;
	let attempt = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let closed = false;

	const subscribe = () => {
		if (projectId === null || socket?.readyState !== WebSocket.OPEN) return;
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

	const connect = () => {
		clearTimeout(timer);
		const current = new WebSocket(url);
		socket = current;
		current.onopen = () => {
			attempt = 0;
			listeners.onUp();
			subscribe();
		};
		current.onmessage = (event) => receive(String(event.data));
		current.onclose = () => {
			if (closed || socket !== current) return;
			socket = null;
			listeners.onDown();
			timer = setTimeout(connect, reconnectDelayMs(attempt++, Math.random));
		};
	};

	// Back from sleep or offline: try at once instead of sitting out the delay.
	const hurry = () => {
		if (!closed && socket === null) connect();
	};
	window.addEventListener("online", hurry);
	document.addEventListener("visibilitychange", hurry);
	connect();

	return {
		follow(next) {
			if (projectId === next) return;
			projectId = next;
			subscribe();
		},
		close() {
			closed = true;
			clearTimeout(timer);
			window.removeEventListener("online", hurry);
			document.removeEventListener("visibilitychange", hurry);
			socket?.close();
		},
	};
};
