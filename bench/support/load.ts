import { setTimeout as sleep } from "node:timers/promises";

/** Each of `clients` sends again as soon as it has its answer, until `more` says no. Answers with how long each took, in ms. */
export const closedLoop = async (clients: number, more: () => boolean, send: () => Promise<unknown>): Promise<number[]> => {
	const took: number[] = [];
	const client = async () => {
		while (more()) {
			const begun = performance.now();
			await send();
			took.push(performance.now() - begun);
		}
	};
	await Promise.all(Array.from({ length: clients }, client));
	return took;
};

/** Sends `count` times at a steady rate, whether or not the earlier ones are answered. */
export const openLoop = async <T>(perSecond: number, count: number, send: () => Promise<T>): Promise<T[]> => {
	const begun = performance.now();
	const sent: Promise<T>[] = [];
	for (let number = 0; number < count; number += 1) {
		await sleep(Math.max(0, begun + (number * 1000) / perSecond - performance.now()));
		sent.push(send());
	}
	return Promise.all(sent);
};

export const forTime = (ms: number): (() => boolean) => {
	const end = performance.now() + ms;
	return () => performance.now() < end;
};

export const times = (count: number): (() => boolean) => {
	let left = count;
	return () => left-- > 0;
};
