import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { requestQuery } from "../queries/requests.ts";
import { createRefresher } from "./refresher.ts";

const [project, request] = ["p1", "request-1"];
const { queryKey } = requestQuery(project, request);
const fetchMs = 300;

/** A page that shows one request; the server's state is `server.value`, read when a fetch begins. */
const showRequest = () => {
	const server = { value: 1, fetches: 0, failing: false };
	const client = new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, retry: false } } });
	const refresher = createRefresher(client);
	const observer = new QueryObserver<number>(client, {
		queryKey,
		queryFn: async () => {
			const { value, failing } = server;
			server.fetches++;
			await new Promise((resolve) => setTimeout(resolve, fetchMs));
			if (failing) throw new Error("away");
			return value;
		},
	});
	onTestFinished(refresher.stop);
	onTestFinished(observer.subscribe(() => {}));
	const change = () => {
		server.value++;
		refresher.changed(project, "request", request);
	};
	return { server, refresher, change, client, shown: () => observer.getCurrentResult().data };
};

describe("refresher", () => {
	beforeEach(() => {
		vi.useFakeTimers();
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	it("reads again what changed while it was read for the first time", async () => {
		const { change, shown } = showRequest();
		await vi.advanceTimersByTimeAsync(100);
		change();
		await vi.advanceTimersByTimeAsync(250);
		expect(shown()).toBe(1);
		await vi.advanceTimersByTimeAsync(400);
		expect(shown()).toBe(2);
	});

	it("reads everything again after a first subscription, also what is being read", async () => {
		const { server, refresher, shown } = showRequest();
		await vi.advanceTimersByTimeAsync(100);
		server.value = 7;
		refresher.everything(project);
		await vi.advanceTimersByTimeAsync(700);
		expect(shown()).toBe(7);
	});

	it("shows something while changes come faster than a read takes, and the last one in the end", async () => {
		const { server, change, shown } = showRequest();
		await vi.advanceTimersByTimeAsync(fetchMs);
		for (let round = 0; round < 20; round++) {
			change();
			await vi.advanceTimersByTimeAsync(100);
		}
		expect(shown()).toBeGreaterThan(10);
		await vi.advanceTimersByTimeAsync(1_000);
		expect(shown()).toBe(server.value);
	});

	it("makes a burst of changes one read, and stops once all is shown", async () => {
		const { server, change } = showRequest();
		await vi.advanceTimersByTimeAsync(fetchMs);
		for (let count = 0; count < 5; count++) change();
		await vi.advanceTimersByTimeAsync(5_000);
		expect(server.fetches).toBe(2);
	});

	it("reads again after a read that failed", async () => {
		const { server, change, shown } = showRequest();
		server.failing = true;
		await vi.advanceTimersByTimeAsync(0);
		server.failing = false;
		change();
		await vi.advanceTimersByTimeAsync(1_000);
		expect(shown()).toBe(2);
	});

	it("marks what nobody shows, without reading it", async () => {
		const { client, refresher } = showRequest();
		const { queryKey: hidden } = requestQuery(project, "request-2");
		client.setQueryData(hidden, {} as never);
		refresher.changed(project, "request", "request-2");
		await vi.advanceTimersByTimeAsync(500);
		expect(client.getQueryState(hidden)).toMatchObject({ isInvalidated: true, fetchStatus: "idle" });
	});
});
