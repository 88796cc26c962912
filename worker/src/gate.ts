import { giveTurns, type LaneInfo, type ProjectContext, readLane, throttleDelivery } from "@agentplanner/core";
import type { Logger } from "./logger.ts";

/*
 * Who may send now. Of one integration at most as many deliveries are under way in this worker as its policy allows, of one project at
 * most half as many as the worker has slots, so that receivers that hang never take them all. Counted in this process, before the
 * claim: both limits hold in any burst, and what isn't crowded costs no query.
 *
 * Whoever finds no room is turned away: their delivery waits its turn in the database (core/src/deliveries/wait-turn.ts), and who leaves
 * gives the next ones their turn. While some wait, newcomers of the same integration wait behind them. A turn may be taken in
 * another worker; there it shows that others wait, so that worker gives turns as well when it has room.
 *
 * Where attempts have been quick, a newcomer waits a moment for room before it is turned away: a burst is gone in that time, and being
 * turned away costs as much as being sent.
 */

/** An attempt that is usually over within this time is worth waiting for. */
const quickMs = 200;
/** Newcomers wait as long for room, as long as room is made at all. */
const patienceMs = 250;
/** A turn that wasn't taken within this time was taken in another worker. */
const turnMs = 300;
/** So many calls of a project beside its deliveries wait for room. */
const mostAside = 3;
/** Integrations that were idle for longest are forgotten beyond this many; their policy is read again. */
const mostLanes = 2_000;

type Lane = {
	projectId: string;
	integrationId: string;
	limit: number;
	underWay: number;
	/** How long attempts have taken lately; null before the first. */
	usualMs: number | null;
	/** When somebody came in or left last. */
	movedAt: number;
	/** How attempts of the last minute ended, by tens of seconds. */
	recent: { slot: number; attempts: number; failures: number }[];
	/** How many are being given a turn here, or were and haven't come yet. */
	expected: number;
};

type Waiter = { lane: Lane | null; admit(place: Place): void };

type Project = {
	underWay: number;
	/** Integrations at which deliveries wait their turn; whose turn was given last stands last. */
	crowded: Set<string>;
	/** Who was given a turn here and hasn't come yet, until when. */
	expected: Map<string, { lane: Lane; until: number }>;
	/** For how many turns the database is being asked. */
	asked: number;
	/** Who waits here for a moment, first come first. */
	waiters: Waiter[];
	/** Arrivals and departures that go on: nobody forgets the project meanwhile. */
	visits: number;
};

/** Room for one attempt, to be left once. */
export type Place = {
	/** What the claim says of the integration's policy now. */
	learn(maxInFlight: number): void;
	/** Counts how an attempt ended; whether at least half of the last minute's attempts there failed, and they were many. */
	tally(attempt: { failed: boolean; startsAnew: boolean }): boolean;
	/** Others may wait at this integration, though this worker has turned nobody away. */
	suspectOthers(): void;
	/** The receiver has said yes and has room again, while that is still being written. Resolves like `leave`. */
	answered(): Promise<void>;
	/** Resolves when those who wait have been given their turns; never rejects. */
	leave(): Promise<void>;
};

export type Arrival = { deliveryId: string; integrationId: string | null; hasTurn: boolean };

export type Gate = {
	/** Room to send one delivery; null: it was turned away, or is gone. */
	enter(ctx: ProjectContext, arrival: Arrival): Promise<Place | null>;
	/** Room for a call that sends nothing new, such as fetching an answer, in its project alone; null: there is none, so let its timer come again. */
	enterAside(ctx: ProjectContext): Promise<Place | null>;
};

const slotMs = 10_000;
const slotsOfAMinute = 6;
/** Fewer attempts in a minute say nothing about how many of them fail. */
const manyAttempts = 20;

const tally = (lane: Lane, { failed, startsAnew }: { failed: boolean; startsAnew: boolean }): boolean => {
	const slot = Math.floor(performance.now() / slotMs);
	const recent = startsAnew ? [] : lane.recent.filter((one) => one.slot > slot - slotsOfAMinute);
	const last = recent.find((one) => one.slot === slot) ?? { slot, attempts: 0, failures: 0 };
	lane.recent = [...recent.filter((one) => one !== last), { slot, attempts: last.attempts + 1, failures: last.failures + Number(failed) }];
	const sum = (part: "attempts" | "failures") => lane.recent.reduce((total, one) => total + one[part], 0);
	return sum("attempts") >= manyAttempts && 2 * sum("failures") >= sum("attempts");
};

export const createGate = ({ slots, log }: { slots: number; log: Logger }): Gate => {
	const mostOfProject = Math.max(1, Math.floor(slots / 2));
	const lanes = new Map<string, Lane>();
	const reading = new Map<string, Promise<Lane | null>>();
	const projects = new Map<string, Project>();

	const projectOf = (id: string): Project => {
		const known = projects.get(id) ?? { underWay: 0, crowded: new Set(), expected: new Map(), asked: 0, waiters: [], visits: 0 };
		projects.set(id, known);
		return known;
	};
	/** What `work` does with the project is over before it is forgotten. */
	const visit = async <T>(projectId: string, work: (project: Project) => Promise<T>): Promise<T> => {
		const project = projectOf(projectId);
		project.visits += 1;
		try {
			return await work(project);
		} finally {
			project.visits -= 1;
			forgetIdle(projectId, project);
		}
	};
	const forgetIdle = (projectId: string, project: Project) => {
		if (project.visits + project.underWay + project.crowded.size + project.expected.size === 0) projects.delete(projectId);
		for (const [id, lane] of lanes) {
			if (lanes.size <= mostLanes) break;
			if (lane.underWay + lane.expected === 0 && !projects.get(lane.projectId)?.crowded.has(id)) lanes.delete(id);
		}
	};

	const keep = (ctx: ProjectContext, { integrationId, maxInFlight, crowded }: LaneInfo): Lane => {
		const known = lanes.get(integrationId);
		if (known) return Object.assign(known, { limit: maxInFlight });
		const lane: Lane = {
			projectId: ctx.projectId,
			integrationId,
			limit: maxInFlight,
			underWay: 0,
			usualMs: null,
			movedAt: 0,
			recent: [],
			expected: 0,
		};
		lanes.set(integrationId, lane);
		if (crowded) projectOf(ctx.projectId).crowded.add(integrationId);
		return lane;
	};
	const read = async (ctx: ProjectContext, of: Parameters<typeof readLane>[1]): Promise<Lane | null> => {
		const info = await readLane(ctx, of);
		return info && keep(ctx, info);
	};
	const findLane = async (ctx: ProjectContext, { deliveryId, integrationId }: Arrival): Promise<Lane | null> => {
		if (integrationId === null) return read(ctx, { deliveryId });
		const known = lanes.get(integrationId);
		if (known) return known;
		// Read once, however many come at this moment.
		const asked = reading.get(integrationId) ?? read(ctx, { integrationId }).finally(() => reading.delete(integrationId));
		reading.set(integrationId, asked);
		return asked;
	};

	const hasRoom = (project: Project, lane: Lane | null) =>
		project.underWay < mostOfProject && (lane === null || lane.underWay < lane.limit);

	const take = (ctx: ProjectContext, lane: Lane | null): Place => {
		const project = projectOf(ctx.projectId);
		project.underWay += 1;
		const leaveLane = lane && takeLane(lane);
		/** Makes room, and gives it to who waits for it. */
		const passOn = (makeRoom: () => void) =>
			visit(ctx.projectId, async () => {
				makeRoom();
				admitWaiters(ctx, project);
				await giveTurnsOf(ctx, project);
			});
		return {
			learn: (maxInFlight) => {
				if (lane) lane.limit = maxInFlight;
			},
			tally: (attempt) => lane !== null && tally(lane, attempt),
			suspectOthers: () => {
				if (lane) project.crowded.add(lane.integrationId);
			},
			answered: () => passOn(() => leaveLane?.()),
			leave: () =>
				passOn(() => {
					project.underWay -= 1;
					leaveLane?.();
				}),
		};
	};
	const takeLane = (lane: Lane) => {
		const since = performance.now();
		lane.underWay += 1;
		lane.movedAt = since;
		let left = false;
		return () => {
			if (left) return;
			left = true;
			lane.underWay -= 1;
			lane.movedAt = performance.now();
			const tookMs = lane.movedAt - since;
			lane.usualMs = lane.usualMs === null ? tookMs : 0.8 * lane.usualMs + 0.2 * tookMs;
		};
	};

	const admitWaiters = (ctx: ProjectContext, project: Project) => {
		for (;;) {
			const index = project.waiters.findIndex(({ lane }) => hasRoom(project, lane));
			const [waiter] = index === -1 ? [] : project.waiters.splice(index, 1);
			if (!waiter) return;
			waiter.admit(take(ctx, waiter.lane));
		}
	};

	/** Whether room is being made there fast enough to wait for. */
	const isQuick = (lane: Lane) => lane.usualMs !== null && lane.usualMs < quickMs && performance.now() - lane.movedAt < quickMs;

	const waitForRoom = (project: Project, lane: Lane | null): Promise<Place | null> =>
		new Promise((resolve) => {
			const waiter: Waiter = {
				lane,
				admit: (place) => {
					clearTimeout(timer);
					resolve(place);
				},
			};
			const timer = setTimeout(() => {
				project.waiters.splice(project.waiters.indexOf(waiter), 1);
				resolve(null);
			}, patienceMs);
			project.waiters.push(waiter);
		});

	const hasCome = (project: Project, deliveryId: string) => {
		const turn = project.expected.get(deliveryId);
		if (!turn) return;
		project.expected.delete(deliveryId);
		turn.lane.expected -= 1;
	};

	const expect = (project: Project, lane: Lane, deliveryId: string) => {
		hasCome(project, deliveryId);
		project.expected.set(deliveryId, { lane, until: performance.now() + turnMs });
		lane.expected += 1;
	};
	const forgetLate = (project: Project) => {
		for (const [id, { until }] of project.expected) if (until < performance.now()) hasCome(project, id);
	};

	/** As many turns as there is room for, from one crowded integration after the other. */
	const giveTurnsOf = async (ctx: ProjectContext, project: Project): Promise<void> => {
		forgetLate(project);
		for (const integrationId of [...project.crowded]) {
			const lane = lanes.get(integrationId);
			if (!lane) {
				project.crowded.delete(integrationId);
				continue;
			}
			const room = Math.min(
				lane.limit - lane.underWay - lane.expected,
				mostOfProject - project.underWay - project.waiters.length - project.expected.size - project.asked,
			);
			if (room <= 0 || !project.crowded.has(integrationId)) continue;
			// Before it is asked who waits: whoever is turned away meanwhile puts it back.
			project.crowded.delete(integrationId);
			project.asked += room;
			lane.expected += room;
			try {
				const given = await giveTurns(ctx, integrationId, room);
				for (const id of given) expect(project, lane, id);
				// Fewer than there is room for: nobody else waits.
				if (given.length === room) project.crowded.add(integrationId);
			} catch (error) {
				// Their timers stand, and the next one who leaves tries again.
				project.crowded.add(integrationId);
				log.warn({ err: error, integrationId }, "turns not given");
				return;
			} finally {
				project.asked -= room;
				lane.expected -= room;
			}
		}
	};

	const enter = async (ctx: ProjectContext, project: Project, arrival: Arrival): Promise<Place | null> => {
		const lane = await findLane(ctx, arrival);
		if (!lane) return null;
		hasCome(project, arrival.deliveryId);
		if (arrival.hasTurn) project.crowded.add(lane.integrationId);
		const isNext = arrival.hasTurn || (!project.crowded.has(lane.integrationId) && !project.waiters.some((waiter) => waiter.lane === lane));
		if (isNext && hasRoom(project, lane)) return take(ctx, lane);
		if (isQuick(lane) && (arrival.hasTurn || !project.crowded.has(lane.integrationId))) {
			const place = await waitForRoom(project, lane);
			if (place) return place;
		}
		await throttleDelivery(ctx, arrival.deliveryId);
		project.crowded.add(lane.integrationId);
		// Room may have been made before it was known that somebody waits.
		await giveTurnsOf(ctx, project);
		return null;
	};

	return {
		enter: (ctx, arrival) => visit(ctx.projectId, (project) => enter(ctx, project, arrival)),
		enterAside: (ctx) =>
			visit(ctx.projectId, async (project) => {
				if (hasRoom(project, null)) return take(ctx, null);
				return project.waiters.length < mostAside ? waitForRoom(project, null) : null;
			}),
	};
};
