/** How long to wait before the next try: doubling from half a second to 15, with jitter so that tabs don't come in step. */
export const reconnectDelayMs = (attempt: number, random: () => number): number => {
	const ceiling = Math.min(500 * 2 ** attempt, 15_000);
	return Math.round(ceiling * (0.5 + random() / 2));
};

export type ReconnectingSocket = { /** Lost while it isn't open. */ send(text: string): void; close(): void };

type Listeners = {
	onUp(): void /** Tries again by itself, unless it is closed here. */;
	onDown(code: number): void;
	onText(text: string): void;
};

/** closed → connecting → open → (lost) → waiting → connecting …; `close()` ends it from any state. */
export const openReconnectingSocket = (url: string, { onUp, onDown, onText }: Listeners): ReconnectingSocket => {
	let socket: WebSocket | null = null;
	let attempt = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let closed = false;

	const connect = () => {
		clearTimeout(timer);
		const current = new WebSocket(url);
		socket = current;
		current.onopen = () => {
			attempt = 0;
			onUp();
		};
		current.onmessage = (event) => onText(String(event.data));
		current.onclose = ({ code }) => {
			if (closed || socket !== current) return;
			socket = null;
			timer = setTimeout(connect, reconnectDelayMs(attempt++, Math.random));
			onDown(code);
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
		send: (text) => {
			if (socket?.readyState === WebSocket.OPEN) socket.send(text);
		},
		close: () => {
			closed = true;
			clearTimeout(timer);
			window.removeEventListener("online", hurry);
			document.removeEventListener("visibilitychange", hurry);
			socket?.close();
		},
	};
};

/** The address of a socket of ours. */
export const socketUrl = (path: string): string => {
	const url = new URL(path, window.location.href);
	url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
	return url.href;
};
