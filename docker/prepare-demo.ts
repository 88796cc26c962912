// biome-ignore-all lint/style/noProcessEnv: it has no other setting than its secrets' files
// biome-ignore-all lint/suspicious/noConsole: a container's log
// What `npm start` does for its demo, for containers: account, plan, agent and integration in an empty database. The echo agent
// shares the frontend's network, where PUBLIC_URL's usual localhost:3000 leads to the product, so it is reached by that name.

import { lookup } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { BlockList } from "node:net";
import { networkInterfaces } from "node:os";
import { eq, messagingIntegrations, openDatabase, projects } from "@agentplanner/db";
import { prepareDemo } from "../scripts/start/demo.ts";

const dataDir = "/demo";
const url = "http://frontend:4101/";

const secret = (name: string) => readFileSync(process.env[`${name}_FILE`] ?? "", "utf8").trim();

/** The network of this composition that `address` is in, as this machine's own interfaces name it. */
const networkOf = (address: string): string => {
	for (const { cidr } of Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])) {
		const [base, prefix] = cidr?.split("/") ?? [];
		if (!cidr || !base || base.includes(":")) continue;
		const network = new BlockList();
		network.addSubnet(base, Number(prefix));
		if (network.check(address)) return cidr;
	}
	throw new Error(`No interface of this container is in the network of ${address}.`);
};

const databaseUrl = secret("DATABASE_URL");
const { login, echoAgent } = await prepareDemo({ databaseUrl, encryptionKey: secret("ENCRYPTION_KEY"), dataDir, wanted: true });
if (!login || !echoAgent) {
	console.log("There are accounts already, so there is no demo. Begin with empty volumes to have one.");
	process.exit(0);
}

const { integration_id } = JSON.parse(readFileSync(`${dataDir}/echo-agent.json`, "utf8")) as { integration_id: string };
const { address } = await lookup("frontend", 4);
const db = openDatabase({ url: databaseUrl, name: "agentplanner-demo", poolSize: 1, onError: () => {} });
const [integration] = await db.orm
	.update(messagingIntegrations)
	.set({ settings: { url } })
	.where(eq(messagingIntegrations.id, integration_id))
	.returning({ projectId: messagingIntegrations.projectId });
if (integration)
	await db.orm
		.update(projects)
		.set({ allowedNetworks: [networkOf(address)] })
		.where(eq(projects.id, integration.projectId));
await db.close();
console.log(`Sign in to the demo as ${login.email} with the password ${login.password}`);
