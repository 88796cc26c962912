import { expect, test } from "vitest";
import { createEventPush, type EventSink, pushWakesTo } from "../src/hatchet/push-events.ts";
import { type Wake, WakeInput } from "../src/index.ts";
import { ownType, wakeOf } from "./observations.ts";

const address = "hatchet.example.org:7077";
const grpcError = (code: number) => new Error("An error occurred", { cause: Object.assign(new Error(`gRPC ${code}`), { code }) });

/** Hatchet as far as events go; `fails`: with which gRPC code it answers a call that holds this wake. */
const sink = (fails: (wakeId: string) => number | null) => {
	const taken: string[] = [];
	const bulkPush: EventSink["bulkPush"] = async (_, events) => {
		const ids = events.map(({ payload }) => WakeInput.parse(payload).wakeId);
		for (const id of ids) {
			const code = fails(id);
			if (code !== null) throw grpcError(code);
		}
		taken.push(...ids);
		return { events: [] };
	};
	return { events: { bulkPush }, taken };
};
const idsOf = (wakes: Wake[]) => wakes.map(({ input }) => input.wakeId);

for (const [name, code] of [
	["UNKNOWN", 2],
	["INVALID_ARGUMENT", 3],
	["RESOURCE_EXHAUSTED", 8],
	["INTERNAL", 13],
] as const)
	test(`one event that Hatchet answers with ${name} is refused alone; the others flow, also those of its type`, async () => {
		const type = ownType();
		const wakes = [wakeOf(type), wakeOf(type), wakeOf(type), wakeOf(ownType())];
		const bad = wakes[1]?.input.wakeId ?? "";
		const { events, taken } = sink((id) => (id === bad ? code : null));
		expect(await pushWakesTo(events, address, wakes)).toMatchObject([{ wakeId: bad }]);
		expect(taken).toEqual(idsOf(wakes).filter((id) => id !== bad));
	});

test("a Hatchet that takes nothing for a reason of its own is away: no event is to blame", async () => {
	const { events } = sink(() => 13);
	const wakes = [wakeOf(ownType()), wakeOf(ownType())];
	await expect(pushWakesTo(events, address, wakes)).rejects.toMatchObject({ name: "EngineUnavailableError" });
});

for (const [name, code] of [
	["UNAVAILABLE", 14],
	["DEADLINE_EXCEEDED", 4],
	["UNAUTHENTICATED", 16],
	["PERMISSION_DENIED", 7],
] as const)
	test(`${name} means away at once, whatever else would get through`, async () => {
		const type = ownType();
		const wakes = [wakeOf(type), wakeOf(type)];
		const { events, taken } = sink((id) => (id === wakes[1]?.input.wakeId ? code : null));
		await expect(pushWakesTo(events, address, wakes)).rejects.toMatchObject({ name: "EngineUnavailableError" });
		expect(taken).toEqual([]);
	});

test("after a failure the next push dials anew, once for two lanes, and the old connection is closed", async () => {
	const closed: number[] = [];
	const dialled: number[] = [];
	const { push, close } = createEventPush((number) => {
		dialled.push(number);
		return { events: sink(() => (number === 1 ? 14 : null)).events, close: () => void closed.push(number) };
	}, address);
	const wakes = [wakeOf(ownType())];
	await Promise.all([1, 2].map(() => expect(push(wakes)).rejects.toMatchObject({ name: "EngineUnavailableError" })));
	expect({ dialled, closed }).toEqual({ dialled: [1, 2], closed: [1] });
	expect(await push(wakes)).toEqual([]);
	close();
	expect(closed).toEqual([1, 2]);
});
