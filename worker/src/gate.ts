import { giveTurns, type LaneInfo, type ProjectContext, readLane, throttleDelivery } from "@agentplanner/core";
import { type Attempt, createLane, type Lane, patienceMs } from "./lane.ts";
import type { Logger } from "./logger.ts";

/*
 * Who may send now. Of one integration at most as many deliveries are under way in this worker as its policy allows, of one project at
 * most half as many as the worker has slots, so that receivers that hang never take them all. Counted in this process, before the
 * claim: both limits hold in any burst, and what isn't crowded costs no query.
 *
 * Who finds no room but may expect some soon waits for it here. Others are turned away: their delivery waits its turn in the database
 * (core/src/deliveries/wait-turn.ts), and who leaves gives the next ones their turn. While some wait there, newcomers wait behind them,
 * unless room comes quickly; then those who wait are given their turns one by one, beside the newcomers. A turn may be taken in another
 * worker; there it shows that others wait, so that worker gives turns as well when it has room.
 */

/** A turn that wasn't taken within this time was taken in another worker, or its delivery is gone. */
const turnMs = 300;
/** After an outage of the database turns are given this much later. */
const againMs = 1_000;
/** So many calls of a project beside its deliveries wait for room. */
const mostAside = 3;
/** Integrations that were idle for longest are forgotten beyond this many; their policy is read again. */
const mostLanes = 2_000;

type Waiter = { lane: Lane | null; admit(place: Place): void };

type Project = {
	underWay: number;
	/** Integrations at which deliveries wait their turn; whose turn was given last stands last. */
	crowded: Set<string>;
	/** Who was given a turn here and hasn't come yet. */
	expected: Map<string, { lane: Lane; late: NodeJS.Timeout }>;
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
	tally(attempt: Attempt): boolean;
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
			const { crowded, waiters } = projects.get(lane.projectId) ?? project;
			if (lane.underWay + lane.expected === 0 && !crowded.has(id) && !waiters.some((waiter) => waiter.lane === lane)) lanes.delete(id);
		}
	};

	const keep = ({ projectId }: ProjectContext, { integrationId, maxInFlight, crowded }: LaneInfo): Lane => {
		const known = lanes.get(integrationId);
		if (known) return Object.assign(known, { limit: maxInFlight });
		const lane = createLane(projectId, integrationId, maxInFlight);
		lanes.set(integrationId, lane);
		if (crowded) projectOf(projectId).crowded.add(integrationId);
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
	const waitersAt = (project: Project, lane: Lane) => project.waiters.filter((waiter) => waiter.lane === lane).length;

	const take = (ctx: ProjectContext, lane: Lane | null): Place => {
		const project = projectOf(ctx.projectId);
		project.underWay += 1;
		const leaveLane = lane?.take();
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
			tally: (attempt) => lane?.tally(attempt) ?? false,
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

	const admitWaiters = (ctx: ProjectContext, project: Project) => {
		for (;;) {
			const index = project.waiters.findIndex(({ lane }) => hasRoom(project, lane));
			const [waiter] = index === -1 ? [] : project.waiters.splice(index, 1);
			if (!waiter) return;
			waiter.admit(take(ctx, waiter.lane));
		}
	};

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
		clearTimeout(turn.late);
		project.expected.delete(deliveryId);
		turn.lane.expected -= 1;
	};
	const expect = (ctx: ProjectContext, project: Project, lane: Lane, deliveryId: string) => {
		hasCome(project, deliveryId);
		const goOnWithout = () =>
			visit(ctx.projectId, (known) => {
				hasCome(known, deliveryId);
				known.crowded.add(lane.integrationId);
				return giveTurnsOf(ctx, known);
			});
		project.expected.set(deliveryId, { lane, late: setTimeout(goOnWithout, turnMs).unref() });
		lane.expected += 1;
	};

	/** How many at that integration may be given their turn now. */
	const countTurns = (project: Project, lane: Lane): number => {
		const out = project.expected.size + project.asked;
		// Who still waits here is kept waiting by their own integration, or the project is full.
		const room = Math.min(lane.limit - lane.underWay - lane.expected, mostOfProject - project.underWay - out);
		// Beside newcomers that wait here, one at a time comes to wait among them.
		return room <= 0 && out === 0 && lane.hasRoomSoon(waitersAt(project, lane)) ? 1 : room;
	};

	/** As many turns as there is room for, from one crowded integration after the other. */
	const giveTurnsOf = async (ctx: ProjectContext, project: Project): Promise<void> => {
		for (const integrationId of [...project.crowded]) {
			const lane = lanes.get(integrationId);
			if (!lane) {
				project.crowded.delete(integrationId);
				continue;
			}
			const count = countTurns(project, lane);
			if (count <= 0 || !project.crowded.has(integrationId)) continue;
			// Before it is asked who waits: whoever is turned away meanwhile puts it back.
			project.crowded.delete(integrationId);
			project.asked += count;
			lane.expected += count;
			try {
				const given = await giveTurns(ctx, integrationId, count);
				for (const id of given) expect(ctx, project, lane, id);
				// Fewer than there is room for: nobody else waits.
				if (given.length === count) project.crowded.add(integrationId);
			} catch (error) {
				log.warn({ err: error, integrationId }, "turns not given");
				project.crowded.add(integrationId);
				// Perhaps nobody is left who leaves.
				setTimeout(() => visit(ctx.projectId, (known) => giveTurnsOf(ctx, known)), againMs).unref();
				return;
			} finally {
				project.asked -= count;
				lane.expected -= count;
			}
		}
	};

	const enter = async (ctx: ProjectContext, project: Project, arrival: Arrival): Promise<Place | null> => {
		const lane = await findLane(ctx, arrival);
		if (!lane) return null;
		hasCome(project, arrival.deliveryId);
		if (arrival.hasTurn) project.crowded.add(lane.integrationId);
		const ahead = waitersAt(project, lane);
		const roomSoon = lane.hasRoomSoon(ahead);
		const isNext = arrival.hasTurn || (ahead === 0 && (roomSoon || !project.crowded.has(lane.integrationId)));
		if (isNext && hasRoom(project, lane)) return take(ctx, lane);
		if (roomSoon) {
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
