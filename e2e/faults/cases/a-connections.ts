import { equal, match, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../../scripts/start/ports.ts";
import { root } from "../../support/root.ts";
import type { FaultCase } from "../fault-case.ts";
import type { Delivery } from "../house.ts";
import { answer, cutBeforeHead, cutMidBody, type ReceiverOptions, reset, startReceiver } from "../receiver.ts";
import { arrivesAgain, askReceiver, tryOnce } from "../scene.ts";

const tlsFile = (name: string) => readFileSync(join(root, "e2e", "faults", "tls", name));
const certified = (name: string): ReceiverOptions => ({ tls: { key: tlsFile("leaf.key"), cert: tlsFile(`${name}.crt`) } });

export const connectionFaults: readonly FaultCase[] = [
	{
		id: "A5",
		fault: "Hangs up in the middle of a 200's body; before the head",
		expected: "Delivered, recorded as cut off; unclear, and sent again under the same webhook-id",
		quick: true,
		run: async (ground) => {
			const mid = await tryOnce(ground, cutMidBody);
			equal(mid.delivery.status, "delivered");
			equal(mid.delivery.attempts[0]?.exchange?.response?.truncated, true);
			const before = await tryOnce(ground, cutBeforeHead);
			equal(before.delivery.status, "unknown");
			match(before.delivery.attempts[0]?.detail ?? "", /closed the connection before it had answered/);
			await arrivesAgain(before, before.delivery);
			return "In the body: delivered, marked as cut off. Before the head: unclear, and its copy bears the same webhook-id and bytes";
		},
	},
	{
		id: "A6",
		fault: "RST; nobody listens; unknown name; a name server that is silent; a certificate expired, of nobody, or for another host",
		expected: "Each with a cause of its own, none of them final",
		quick: true,
		run: async (ground) => {
			const house = await ground.house();
			const trusted = await tryOnce(ground, answer(), {}, certified("good"));
			equal(trusted.delivery.status, "acknowledged", "a good certificate of the same authority is taken");

			const rst = await tryOnce(ground, reset);
			equal(rst.delivery.status, "unknown");
			match(rst.delivery.attempts[0]?.detail ?? "", /ECONNRESET|closed the connection/);
			const silent = { timeout_ms: 1_500 };
			const elsewhere = async (url: string, settings = {}) => {
				const agent = await house.connect(url, { settings });
				return house.delivery(await house.ask(agent), ["retrying"]);
			};
			const port = await freePort();
			const selfSigned = {
				key: readFileSync(join(root, "adapters/fixtures/tls/self-signed.key")),
				cert: readFileSync(join(root, "adapters/fixtures/tls/self-signed.crt")),
			};
			const tls = async (options: ReceiverOptions) => {
				const receiver = ground.own.use(await startReceiver([answer()], options));
				const delivery = await elsewhere(receiver.url);
				equal(receiver.hits.length, 0, "nothing is said to whom nobody vouches for");
				return delivery;
			};
			const causes: [RegExp, Delivery][] = [
				[/no connection could be made \(ECONNREFUSED\)/, await elsewhere(`http://127.0.0.1:${port}/`)],
				[/host name could not be resolved \(ENOTFOUND\)/, await elsewhere("http://unknown.test:8080/")],
				[/no answer/, await elsewhere("http://silent.test:8080/", silent)],
				[/TLS handshake failed \(CERT_HAS_EXPIRED\)/, await tls(certified("expired"))],
				[/TLS handshake failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/, await tls({ tls: selfSigned })],
				[/TLS handshake failed \(ERR_TLS_CERT_ALTNAME_INVALID\)/, await tls(certified("wrong-host"))],
			];
			for (const [cause, { attempts, next_attempt_at }] of causes) {
				match(attempts[0]?.detail ?? "", cause);
				equal(attempts[0]?.outcome, "unavailable");
				ok(next_attempt_at, "it is tried again");
			}
			return "Seven causes by name (reset is unclear, the others never left), each with a next attempt; not a byte to a receiver without a good certificate";
		},
	},
	{
		id: "A12",
		fault: "A kept connection is closed just as we send",
		expected: "One recorded attempt, unclear; no silent second POST",
		quick: true,
		run: async (ground) => {
			const { house, receiver, agent, requestId } = await askReceiver(ground, [answer(), cutBeforeHead, answer()]);
			await house.delivery(requestId, ["acknowledged"]);
			const second = await house.ask(agent);
			const delivery = await house.delivery(second, ["unknown"]);
			equal(receiver.hits[0]?.connection, receiver.hits[1]?.connection, "the connection was kept");
			equal(delivery.attempt_count, 1);
			equal(receiver.hits.length, 2);
			await house.retry(delivery.id);
			await house.delivery(second, ["acknowledged"]);
			equal(receiver.hits[2]?.id, receiver.hits[1]?.id);
			return "1 attempt and 1 POST over the kept connection, recorded as unclear; the copy that followed bears the same webhook-id";
		},
	},
];
