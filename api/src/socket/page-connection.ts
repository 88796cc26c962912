import { type SocketMessage, SocketRequest } from "@agentplanner/contracts";
import { type Actor, authorize, type Context, DomainError } from "@agentplanner/core";
import type { RawData, WebSocket } from "ws";
import type { Credential } from "../http/credential.ts";
import type { ChangeFeed, Subscription } from "./change-feed.ts";

const mostSubscriptions = 20;
// What a page that doesn't read may pile up before it is told to read everything again.
const mostBufferedBytes = 256 * 1024;

/** One open page or script: what it asked for, and whether it still may. */
export type PageConnection = {
	readonly credential: Credential;
	receive(data: RawData): Promise<void>;
	/** Whom its credential stands for by now. */
	actor: Actor;
	/** The projects that it watches. */
	watched(): string[];
	/** Stops watching a project, and says why. */
	refuse(projectId: string, detail: string): void;
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
	credential: Credential;
	actor: Actor;
	core: Context;
	feed: ChangeFeed;
}): PageConnection => {
	const { socket, core, feed } = options;
	const subscriptions = new Map<string, Subscription>();

	const send = (message: SocketMessage): boolean => {
		if (socket.readyState !== socket.OPEN || socket.bufferedAmount > mostBufferedBytes) return false;
		socket.send(JSON.stringify(message));
		return true;
	};

	/** Why this project can't be watched; null where it may. */
	const refusalOf = async (projectId: string): Promise<string | null> => {
		try {
			await authorize({ ...core, actor: page.actor, projectId }, "events:read");
			return null;
		} catch (error) {
			if (error instanceof DomainError) return error.message;
			throw error;
		}
	};

	const drop = (projectId: string) => {
		const subscription = subscriptions.get(projectId);
		if (subscription) feed.remove(subscription);
		subscriptions.delete(projectId);
	};

	const refuse = (projectId: string, detail: string) => {
		drop(projectId);
		send({ type: "refused", project_id: projectId, detail });
	};

	const subscribe = async ({ project_id: projectId, after }: SocketRequest) => {
		if (!subscriptions.has(projectId) && subscriptions.size >= mostSubscriptions) {
			send({ type: "refused", project_id: projectId, detail: `A page may watch ${mostSubscriptions} projects at once.` });
			return;
		}
		const refusal = await refusalOf(projectId);
		if (refusal !== null) return refuse(projectId, refusal);
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

	const page: PageConnection = {
		credential: options.credential,
		actor: options.actor,
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
		watched: () => [...subscriptions.keys()],
		refuse,
		close: () => {
			for (const projectId of [...subscriptions.keys()]) drop(projectId);
		},
	};
	return page;
};
