import { deepEqual, equal, match, ok } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { FaultCase, Ground } from "../fault-case.ts";
import type { Delivery } from "../house.ts";
import { deliveryIn, makeProject, type Neighbourhood, sendMessage } from "../neighbourhood.ts";
import { type BareReceiver, startBareReceiver } from "../receiver.ts";

/** Ways to write an address of this machine, or of what hands out credentials and leads through translators. */
const spellings = [
	"127.0.0.1",
	"2130706433",
	"0x7f.1",
	"0x7f000001",
	"0177.0.0.1",
	"127.1",
	"0",
	"0.0.0.0",
	"localhost",
	"127。0。0。1",
	"①②⑦.0.0.1",
	"[::1]",
	"[::]",
	"[::ffff:127.0.0.1]",
	"[::ffff:7f00:1]",
	"[::127.0.0.1]",
	"[64:ff9b::7f00:1]",
	"[2002:7f00:1::]",
	"169.254.169.254",
	"[fd00:ec2::254]",
	"168.63.129.16",
	"100.100.100.200",
	"10.0.0.1",
	"172.16.0.1",
	"192.168.0.1",
	"100.64.0.1",
];

const save = ({ person, project }: Neighbourhood, url: string) =>
	person.request<{ id: string }>("POST", `${project}/integrations`, { adapter: "webhook", name: randomUUID(), settings: { url } });

/** Sends a message there although nobody would be let to save such an address: it was written into the table. */
const sendTo = async (place: Neighbourhood, url: string): Promise<Delivery> => {
	const { body: integration } = await save(place, "https://93.184.216.34/hook");
	await place.query("update messaging_integrations set settings = jsonb_build_object('url', $2::text) where id = $1", [
		integration.id,
		url,
	]);
	return send(place, integration.id);
};

const send = async (place: Neighbourhood, integrationId: string): Promise<Delivery> => {
	const id = await sendMessage(place, integrationId);
	return eventually("the attempt has ended", async () => {
		const delivery = await deliveryIn(place, id);
		return ["dead", "delivered", "retrying", "unknown"].includes(delivery.status) && delivery;
	});
};

/** Whoever is reached says so by a connection. */
const watchLoopback = async ({ own }: Ground): Promise<{ port: number; reached(): number }> => {
	const receivers: BareReceiver[] = [own.use(await startBareReceiver((socket) => socket.destroy()))];
	const port = receivers[0]?.port ?? 0;
	// Where there is no IPv6, nobody can be reached by it.
	const six = await startBareReceiver((socket) => socket.destroy(), "::1", port).catch(() => null);
	if (six) receivers.push(own.use(six));
	return { port, reached: () => receivers.reduce((sum, receiver) => sum + receiver.connections(), 0) };
};

const isRefused = ({ status, reason, attempts }: Delivery, what: string) => {
	equal(status, "dead", what);
	equal(reason?.code, "rejected", what);
	match(attempts[0]?.detail ?? "", /^Not sent: /, what);
};

const answering = (socket: Socket) => {
	socket.once("data", () => socket.end("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"));
	socket.resume();
};

export const addressFaults: readonly FaultCase[] = [
	{
		id: "B1",
		fault: "Private and metadata addresses in every spelling, NAT64, 6to4",
		expected: "Refused when saved and when sent, 0 connections",
		quick: true,
		run: async (ground) => {
			const place = await makeProject(ground, []);
			const { port, reached } = await watchLoopback(ground);
			const urls = spellings.map((host) => `http://${host}:${port}/`);
			deepEqual(
				await Promise.all(urls.map(async (url) => (await save(place, url)).status)),
				urls.map(() => 422),
			);
			const deliveries = await Promise.all(urls.map((url) => sendTo(place, url)));
			for (const [index, delivery] of deliveries.entries()) isRefused(delivery, urls[index] ?? "");
			equal(reached(), 0);
			return `${spellings.length} of ${spellings.length} spellings refused with a 422 when saved and, written into the table, given up as never sent; 0 connections`;
		},
	},
	{
		id: "B2",
		fault: "A name that leads elsewhere when it is called than when it was saved; one that changes with every look",
		expected: "The socket goes to the address that was judged, or nowhere",
		quick: true,
		run: async (ground) => {
			// 127.0.0.2 stands for what may be reached.
			const place = await makeProject(ground, ["127.0.0.2/32"]);
			const closed = ground.own.use(await startBareReceiver(answering));
			const open = ground.own.use(await startBareReceiver(answering, "127.0.0.2", closed.port));
			const rebinding = await save(place, `http://rebinding.test:${closed.port}/`);
			equal(rebinding.status, 201, "it looks well when saved");
			isRefused(await send(place, rebinding.body.id), "rebinding.test");
			const flipping = await save(place, `http://flipping.test:${closed.port}/`);
			equal(flipping.status, 201);
			const outcomes = [];
			for (let look = 0; look < 4; look += 1) outcomes.push((await send(place, flipping.body.id)).status);
			ok(outcomes.includes("delivered") && outcomes.includes("dead"), outcomes.join());
			equal(open.connections(), outcomes.filter((status) => status === "delivered").length);
			equal(closed.connections(), 0);
			return "The rebinding name was saved and given up as never sent; of the flipping one each message went to the address that was judged; 0 connections to the other";
		},
	},
	{
		id: "B3",
		fault: "Mixed answers of a name; an allowed network; file:, ftp:, a user name, port 6379",
		expected: "One bad answer condemns the name; what is allowed works and is audited; the rest is refused when saved and when sent",
		quick: true,
		run: async (ground) => {
			const place = await makeProject(ground, ["127.0.0.2/32"]);
			const closed = ground.own.use(await startBareReceiver(answering));
			const open = ground.own.use(await startBareReceiver(answering, "127.0.0.2", closed.port));
			const bad = [
				`http://mixed.test:${closed.port}/`,
				`http://127.0.0.1:${closed.port}/`,
				"file:///etc/passwd",
				"ftp://127.0.0.2/",
				`http://user:password@127.0.0.2:${open.port}/`,
				`http://user@127.0.0.2:${open.port}/`,
				"http://127.0.0.2:6379/",
			];
			for (const url of bad) equal((await save(place, url)).status, 422, url);
			const refused = await Promise.all(bad.map((url) => sendTo(place, url)));
			for (const [index, delivery] of refused.entries()) {
				equal(delivery.status === "dead" || delivery.reason?.code === "unauthorized", true, bad[index]);
				ok(!delivery.attempts.some(({ outcome }) => outcome === "delivered"), bad[index]);
			}
			const allowed = await save(place, `http://127.0.0.2:${open.port}/`);
			equal((await send(place, allowed.body.id)).status, "delivered");
			await sleep(200);
			equal(open.connections(), 1);
			equal(closed.connections(), 0);
			const { items } = await place.person.must<{ items: { type: string; data: object }[] }>("GET", `${place.project}/audit`);
			ok(items.some(({ type, data }) => type === "project.updated" && JSON.stringify(data).includes("127.0.0.2/32")));
			return `${bad.length} of ${bad.length} refused, 0 connections; the allowed address got its message, and who allowed it is in the audit log`;
		},
	},
];
