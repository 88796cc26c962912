import { type SocketMessage, SocketRequest } from "@agentplanner/contracts";
import { type Context, roleOf } from "@agentplanner/core";
import type { RawData, WebSocket } from "ws";
import type { ChangeFeed, Subscription } from "./change-feed.ts";

const mostSubscriptions = 20;
// What a page that doesn't read may pile up before it is told to read everything again.
const mostBufferedBytes = 256 * 1024;

/** One open page: what it asked for, and whether it still may. */
export type PageConnection = {
	readonly token: string;
	receive(data: RawData): Promise<void>;
	/** Drops the projects that its user has left. */
	checkMemberships(): Promise<void>;
	close(): void;
};

const parse = (data: RawData) => {
	try {
		return SocketRequest.safeParse(JSON.parse(data.toString())).data ?? null;
	} catch {
		return null;
	}
};

export const createPageConnection = (options: {
	socket: WebSocket;
	token: string;
	userId: string;
	core: Context;
	feed: ChangeFeed;
}): PageConnection => {
	const { socket, token, userId, core, feed } = options;
	const subscriptions = new Map<string, Subscription>();

	const send = (message: SocketMessage): boolean => {
		if (socket.readyState !== socket.OPEN || socket.bufferedAmount > mostBufferedBytes) return false;
		socket.send(JSON.stringify(message));
		return true;
	};

	const isMember = async (projectId: string) => (await roleOf({ ...core, projectId }, userId)) !== null;

	const drop = (projectId: string) => {
		const subscription = subscriptions.get(projectId);
		if (subscription) feed.remove(subscription);
		subscriptions.delete(projectId);
	};

	const subscribe = async ({ project_id: projectId, after }: SocketRequest) => {
		if (!subscriptions.has(projectId) && subscriptions.size >= mostSubscriptions) {
			send({ type: "refused", project_id: projectId, detail: `A page may watch ${mostSubscriptions} projects at once.` });
			return;
		}
		if (!(await isMember(projectId))) {
			drop(projectId);
			send({ type: "refused", project_id: projectId, detail: "This project does not exist, or you are no member of it." });
			return;
		}
		const current = await feed.position();
		// The page may have gone while we asked.
		if (socket.readyState !== socket.OPEN) return;
		drop(projectId);
		const subscription = { projectId, position: after ?? current, behind: false, send };
		subscriptions.set(projectId, subscription);
		send({ type: "subscribed", project_id: projectId, position: subscription.position });
		feed.add(subscription);
		feed.wake();
	};

	return {
		token,
		receive: async (data) => {
			const request = parse(data);
			if (request) await subscribe(request);
			else
				send({
					type: "refused",
					project_id: "",
					detail: 'This is no message that can be read. Send {"type":"subscribe","project_id":…,"after":…}.',
				});
		},
		checkMemberships: async () => {
			for (const projectId of [...subscriptions.keys()]) {
				if (await isMember(projectId)) continue;
				drop(projectId);
				send({ type: "refused", project_id: projectId, detail: "You are no longer a member of this project." });
			}
		},
		close: () => {
			for (const projectId of [...subscriptions.keys()]) drop(projectId);
		},
	};
};
