import { type SocketMessage, SocketRequest } from "@agentplanner/contracts";
import { type Actor, authorizeMany, type Context, type Hearer, userIdOf, type Verdict } from "@agentplanner/core";
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
	/** The projects that it watches, as they are asked about. */
	watched(): Watched[];
	/** Goes on watching a project as whom it may by now, or stops, and says why. */
	judge(projectId: string, verdict: Verdict): void;
	close(): void;
};

/** A script's token must say so; a person hears of what they may see. */
const askingOf = (actor: Actor, projectId: string) => ({
	actor,
	projectId,
	action: actor.type === "token" ? ("events:read" as const) : ("project:read" as const),
});

type Watched = ReturnType<typeof askingOf>;

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

	const drop = (projectId: string) => {
		const subscription = subscriptions.get(projectId);
		if (subscription) feed.remove(subscription);
		subscriptions.delete(projectId);
	};

	/** As whom the page hears; null: it may not, and was told so. */
	const hearerOf = (projectId: string, { refusal, role }: Verdict): Hearer | null => {
		const userId = userIdOf(page.actor);
		if (!refusal && userId && role) return { userId, role };
		drop(projectId);
		send({ type: "refused", project_id: projectId, detail: refusal?.message ?? "Only members of a project hear what happens there." });
		return null;
	};

	const subscribe = async ({ project_id: projectId, after }: SocketRequest) => {
		if (!subscriptions.has(projectId) && subscriptions.size >= mostSubscriptions) {
			send({ type: "refused", project_id: projectId, detail: `A page may watch ${mostSubscriptions} projects at once.` });
			return;
		}
		const [verdict] = await authorizeMany(core, [askingOf(page.actor, projectId)]);
		const hearer = verdict && hearerOf(projectId, verdict);
		if (!hearer) return;
		const current = await feed.position();
		// The page may have gone while we asked.
		if (socket.readyState !== socket.OPEN) return;
		drop(projectId);
		const subscription = { projectId, position: after ?? current, hearer, behind: false, send };
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
		watched: () => [...subscriptions.keys()].map((projectId) => askingOf(page.actor, projectId)),
		judge: (projectId, verdict) => {
			const subscription = subscriptions.get(projectId);
			const hearer = subscription && hearerOf(projectId, verdict);
			if (hearer) subscription.hearer = hearer;
		},
		close: () => {
			for (const projectId of [...subscriptions.keys()]) drop(projectId);
		},
	};
	return page;
};
