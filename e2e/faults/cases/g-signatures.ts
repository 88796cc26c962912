import { equal, ok } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultCase } from "../fault-case.ts";
import type { House } from "../house.ts";
import { isSignedWith } from "../is-signed-with.ts";
import { type Behaviour, type Hit, startReceiver, status } from "../receiver.ts";

/** Everything that is stored, table by table, as text. */
const dump = async ({ query }: House): Promise<Map<string, string>> => {
	const tables = await query<{ name: string }>(
		"select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
	);
	const contents = new Map<string, string>();
	for (const { name } of tables) {
		const rows = await query<{ row: string }>(`select t::text as row from ${name} t`);
		contents.set(name, rows.map(({ row }) => row).join("\n"));
	}
	return contents;
};

const logsOf = ({ product }: House): string => {
	const folder = join(product.dataDir, "logs");
	const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
	return [product.output(), ...files].join("\n");
};

/** Says back whatever it got, as a careless receiver would. */
const echo: Behaviour = ({ response, hit }) =>
	void response.writeHead(500, { "x-echo": JSON.stringify(hit.headers) }).end(JSON.stringify(hit.headers) + hit.body.toString());

export const signatureFaults: readonly FaultCase[] = [
	{
		id: "G1",
		fault: "Signatures held against the public library, before, while and after the secret changes",
		expected: "Each message verifies with every secret that is valid, and with no other; the bytes signed are those sent",
		quick: true,
		run: async ({ house: open, own }) => {
			const house = await open();
			const receiver = own.use(await startReceiver([status(204)]));
			const agent = await house.connect(receiver.url);
			const [old, next] = [agent.signingSecret, `whsec_${randomBytes(32).toString("base64")}`];
			const path = `${house.project}/integrations/${agent.integrationId}`;
			const sendOne = async (): Promise<Hit> => {
				const before = receiver.hits.length;
				await house.delivery(await house.ask(agent), ["delivered"]);
				return receiver.hits[before] as Hit;
			};
			const verdict = (hit: Hit) => [old, next].map((secret) => isSignedWith(hit, secret)).join();
			equal(verdict(await sendOne()), "true,false");
			await house.person.must("PATCH", path, { secrets: { signing_secret: next, previous_signing_secret: old } });
			equal(verdict(await sendOne()), "true,true");
			await house.person.must("PATCH", path, { secrets: { previous_signing_secret: null } });
			const last = await sendOne();
			equal(verdict(last), "false,true");
			equal(isSignedWith({ ...last, body: Buffer.concat([last.body, Buffer.from(" ")]) }, next), false, "a byte more");
			return "Before: the old secret alone; while it changes: both; afterwards: the new one alone. One byte more verifies with none";
		},
	},
	{
		id: "G2",
		fault: "A receiver that says our headers and body back in its error",
		expected: "No secret in clear: not in the database, the logs, the attempts, the API",
		quick: true,
		run: async ({ house: open, own }) => {
			const house = await open();
			const receiver = own.use(await startReceiver([echo]));
			const credential = randomBytes(24).toString("hex");
			const custom = `whsec_${randomBytes(32).toString("base64")}`;
			const agent = await house.connect(receiver.url, { secrets: { authorization: `Bearer ${credential}`, signing_secret: custom } });
			const requestId = await house.ask(agent);
			const { attempts } = await house.delivery(requestId, ["retrying"]);
			const hit = receiver.hits[0] as Hit;
			equal(hit.headers.authorization, `Bearer ${credential}`);
			const { reply_token: replyToken } = JSON.parse(hit.body.toString()).data as { reply_token: string };
			const secrets = { credential, "signing secret": custom.slice("whsec_".length), "reply token": replyToken };
			const shown = attempts[0]?.exchange;
			ok(shown?.response?.body.includes("webhook-id"), "the rest of the answer is kept");
			const api = [
				JSON.stringify(await house.detail(requestId)),
				JSON.stringify(await house.person.must("GET", `${house.project}/integrations/${agent.integrationId}`)),
				JSON.stringify(await house.person.must("GET", `${house.project}/events?limit=100`)),
				JSON.stringify(await house.person.must("GET", `${house.project}/audit?order=newest`)),
			].join("\n");
			const places = new Map([...(await dump(house)), ["the logs", logsOf(house)], ["the API", api]]);
			for (const [name, secret] of Object.entries(secrets))
				for (const [place, text] of places) {
					ok(!text.includes(secret), `${name} in ${place}`);
					ok(!text.includes(Buffer.from(secret).toString("hex")), `${name} in ${place}, as bytes`);
				}
			return "Authorization, signing secret and reply token are in no table, log or reply; the rest of what the receiver said is kept";
		},
	},
];
