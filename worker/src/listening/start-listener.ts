import { randomBytes } from "node:crypto";
import { AdapterError, type Listening } from "@agentplanner/contracts";
import {
	ConflictError,
	type ListenerClaim,
	type ListenerFailure,
	listenerLeaseMs,
	nameAuthors,
	openSession,
	type ProjectContext,
	receiveHeard,
	releaseListener,
	reportListening,
	saveSession,
	unsealIntegration,
} from "@agentplanner/core";
import type { OpenConnection } from "../connections.ts";
import type { House } from "../house.ts";
import { newestWins } from "../newest-wins.ts";
import { unlessDeaf } from "../unless-deaf.ts";
import { unusable, wordsOf } from "../unusable.ts";
import { createStateReport } from "./state-report.ts";

/** A listener that is told to stop has this long to close its line cleanly. */
const closeMs = 5_000;

export type ListeningHouse = Pick<House, "context" | "connections" | "workerId" | "log">;

export type Listener = {
	claim: ListenerClaim;
	/** The lease was renewed by a statement sent at that moment (of `performance.now()`). */
	renewed(at: number): void;
	/** Ends it properly, so that the next one can begin at once. */
	stop(): void;
	/** The lease is somebody else's: nothing more is stored for it. */
	lose(): void;
	/** Resolves once it has ended and was given up; never rejects. */
	ended: Promise<void>;
};

/** Listens for what was claimed by a statement sent at `claimedAt`, until it is stopped, lost, or ends by itself. */
export const startListener = (house: ListeningHouse, claim: ListenerClaim, claimedAt: number): Listener => {
	const { integrationId, projectId, integration } = claim;
	const log = house.log.child({ integrationId, adapter: integration.adapter, projectId });
	const actor = { type: "adapter", adapter: integration.adapter, integrationId } as const;
	const ctx: ProjectContext = { ...house.context, actor, projectId };
	const state = createStateReport((problem) => reportListening(ctx, claim, problem), log);
	const stopping = new AbortController();
	let lost = false;
	let over = false;

	const lose = () => {
		lost = true;
		stopping.abort();
	};
	let deadline: NodeJS.Timeout | undefined;
	// This clock began before the database's, so it ends before another worker may begin.
	const renewed = (at: number) => {
		clearTimeout(deadline);
		deadline = setTimeout(lose, at + listenerLeaseMs - performance.now());
		state.flush();
	};

	const assertOurs = () => {
		if (over || lost) throw new ConflictError("This listener has ended; what comes now isn't stored.");
	};
	const save = newestWins((session: Record<string, unknown> | null) => saveSession(ctx, claim, session));
	const naming = new Set<Promise<void>>();
	const nameLater = (work: Promise<void>) => {
		const named = work
			.catch((error: unknown) => log.warn({ err: error }, "authors keep the platform's ids for names"))
			.finally(() => naming.delete(named));
		naming.add(named);
	};
	const listening = ({ connection }: OpenConnection): Listening => ({
		receive: async (received) => {
			assertOurs();
			const traced = { ...ctx, traceId: randomBytes(16).toString("hex") };
			const { stored, ignored } = await receiveHeard(traced, claim, received);
			if (ignored > 0) log.info({ ignored }, "said in threads that are under no request");
			if (stored > 0) nameLater(nameAuthors(traced, integrationId, received, (use) => use(connection), log));
		},
		session: openSession(ctx, claim),
		saveSession: async (session) => {
			assertOurs();
			await save(session);
		},
		report: state.report,
	});

	// Unsealing throws, too.
	const open = async () => house.connections.open(unsealIntegration(ctx, integration));
	const listen = async (): Promise<ListenerFailure> => {
		const opened = await open().catch((error: unknown) => failureToOpen(error));
		if ("problem" in opened) return opened;
		const { connection, adapter } = opened;
		try {
			stopping.signal.throwIfAborted();
			if (!connection.listen) throw new Error(`${adapter.label} can't listen in this build.`);
			await connection.listen(listening(opened), stopping.signal);
			return failureOf("the connection was closed");
		} catch (error) {
			if (!(error instanceof AdapterError) && !stopping.signal.aborted) log.error({ err: error }, "listener failed in a way of its own");
			return failureOf(error);
		} finally {
			await Promise.all(naming);
			await connection.close().catch((error: unknown) => log.error({ err: error }, "adapter can't close its connection"));
		}
	};
	const listenAndRelease = async () => {
		const failure = await unlessDeaf(listen(), stopping.signal, closeMs).catch((error: unknown) => {
			log.error({ err: error }, "listener doesn't end properly");
			return failureOf(error);
		});
		over = true;
		clearTimeout(deadline);
		await state.settled();
		if (lost) log.warn("listening ended, since its lease was lost");
		else if (stopping.signal.aborted) log.info("listening stopped");
		else log.warn(failure, "listening ended");
		if (!lost) await releaseListener(ctx, claim, stopping.signal.aborted ? null : failure);
	};

	renewed(claimedAt);
	log.info({ term: claim.term }, "listening begins");
	const ended = listenAndRelease().catch((error: unknown) =>
		log.warn({ err: error }, "listener not given up; its lease runs out by itself"),
	);
	return { claim, renewed, stop: () => stopping.abort(), lose, ended };
};

const failureOf = (error: unknown): ListenerFailure =>
	error instanceof AdapterError
		? { problem: error.message, remedy: error.remedy, refused: error.kind === "unauthorized", waitMs: error.retryAfterMs }
		: {
				problem: `Listening ended: ${wordsOf(error)}`,
				remedy: "It is begun again by itself. If it stays, report it with the worker's log.",
				refused: false,
				waitMs: null,
			};

const failureToOpen = (error: unknown): ListenerFailure => {
	if (error instanceof AdapterError) return failureOf(error);
	const { detail, remedy } = unusable(error);
	return { problem: detail, remedy, refused: true, waitMs: null };
};
