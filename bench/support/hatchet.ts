import { queryAt } from "@agentplanner/e2e/database";
import { awaitReady, launch, startProduct } from "@agentplanner/e2e/product";
import { freePort } from "../../scripts/start/ports.ts";

/** Its first start fetches and prepares it. */
const readyMs = 150_000;

type Ready = { token: string; hostPort: string; apiUrl: string };

export type Hatchet = {
	/** An empty database on the server that Hatchet keeps its own in. */
	databaseUrl: string;
	/** What a client of it needs to be told. */
	env: Record<string, string>;
};

/** The machine's own settings for the embedded Hatchet, e.g. where its program is. */
const ownSettings = (): Record<string, string> =>
	Object.fromEntries(
		Object.entries(process.env).filter((entry): entry is [string, string] => /^(HATCHET|SERVER)_/.test(entry[0]) && entry[1] !== undefined),
	);

const awaitAddress = async (hatchet: ReturnType<typeof launch>): Promise<Ready> => {
	const address = new Promise<Ready>((resolve) => hatchet.child.once("message", (message) => resolve(message as Ready)));
	await awaitReady(hatchet, readyMs);
	return address;
};

/** One Hatchet for both sides. Its PostgreSQL, and the product's, is that of a product of which nothing else is used. */
export const startHatchet = async (own: AsyncDisposableStack): Promise<Hatchet> => {
	const host = own.use(await startProduct({ engine: { name: "postgres" }, args: ["--no-worker", "--no-demo"] }));
	const onServer = (name: string) => {
		const url = new URL(host.running().databaseUrl);
		url.pathname = `/${name}`;
		return url.href;
	};
	const hatchet = launch("scripts/start/run-embedded-hatchet.ts", [], {
		...ownSettings(),
		DATABASE_URL: onServer("hatchet"),
		GRPC_PORT: String(await freePort()),
		API_PORT: String(await freePort()),
	});
	own.defer(async () => {
		hatchet.child.kill("SIGTERM");
		await hatchet.exit;
	});
	const { token, hostPort, apiUrl } = await awaitAddress(hatchet);
	await queryAt(host.running().databaseUrl)("create database bench_product");
	return {
		databaseUrl: onServer("bench_product"),
		env: {
			HATCHET_CLIENT_TOKEN: token,
			HATCHET_CLIENT_HOST_PORT: hostPort,
			HATCHET_CLIENT_API_URL: apiUrl,
			HATCHET_CLIENT_TLS_STRATEGY: "none",
		},
	};
};
