import { randomUUID } from "node:crypto";
import { adapterLabel } from "@agentplanner/adapters";
import type { AgentRequestDetail, AnswerPolicy, Decision, Delivery, Receipt, RequestStatus } from "@agentplanner/contracts";
import { findViolations } from "@agentplanner/core";
import { testEncryptionKey } from "@agentplanner/core/testing";
import { linkedAccounts } from "@agentplanner/db";
import { expect } from "vitest";
import { startApi } from "../../../api/tests/start-api.ts";
import { bringForward, makeDue, startTestWorker, until } from "../harness.ts";
import type { OpenChannel, Post, Sent } from "./channel.ts";

type DecisionDetail = { decision: Decision; deliveries: Delivery[] };

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** An api and a worker as in production, and somebody's project with one integration, which leads to the channel. */
export const openStage = async (adapter: string, open: OpenChannel) => {
	await using opened = new AsyncDisposableStack();
	const api = await startApi({ env: { ENCRYPTION_KEY: testEncryptionKey } });
	opened.defer(api.close);
	const worker = await startTestWorker(api.database.url, { PUBLIC_URL: api.url });
	opened.defer(worker.stop);
	const { pool, orm } = api.db;

	let ingress = "";
	const post: Post = async ({ headers, body }) => {
		const response = await fetch(ingress, { method: "POST", headers, body });
		return { status: response.status, body: await response.json() };
	};
	const channel = await open(post);
	opened.defer(channel.close);

	const owner = await api.owner();
	const { base } = owner;
	const must = async <Body = { id: string }>(method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
		const reply = await owner.call<Body>(method, `${base}${path}`, { body, headers });
		if (reply.status >= 300) throw new Error(`${method} ${path} was answered ${reply.status}: ${JSON.stringify(reply.body)}`);
		return reply.body;
	};
	const { headers } = await owner.call("GET", base);
	await must("PATCH", "", { allowed_networks: ["127.0.0.0/8"] }, { "if-match": headers.get("etag") ?? "" });
	const { settings, secrets, address, person } = channel;
	const integration = await must<{ id: string; listens: boolean }>("POST", "/integrations", {
		adapter,
		name: "Channel",
		settings,
		secrets,
	});
	ingress = `${api.url}/ingress/${adapter}/${integration.id}`;
	const plan = await must("POST", "/plans", { title: "Launch" });
	const node = await must("POST", `/plans/${plan.id}/nodes`, { title: "Write the announcement" });
	const { rows } = await pool.query("select external_account as account from messaging_integrations where id = $1", [integration.id]);
	if (rows[0].account !== null && person !== "") {
		const account = { provider: adapter, externalAccount: rows[0].account, externalUserId: person, name: "Ada" };
		await orm.insert(linkedAccounts).values({ userId: owner.session.user.id, ...account });
	}
	await until(async () => {
		const { items } = await must<{ items: { listening: { state: string } | null }[] }>("GET", "/integrations");
		return !integration.listens || items[0]?.listening?.state === "listening";
	});

	const addressee = { integration_id: integration.id, address };
	const detailOf = (id: string) => must<AgentRequestDetail>("GET", `/requests/${id}`);
	const decisionOf = async (id: string) => (await must<DecisionDetail>("GET", `/decisions/${id}`)).decision;
	const deliveriesOf = async (id: string) => {
		const read = "select id, status, receipt from message_deliveries where $1 in (agent_request_id, decision_id) order by id";
		return (await pool.query<{ id: string; status: string; receipt: Receipt }>(read, [id])).rows;
	};
	/** The newest message about a request or decision, once it has arrived. */
	const untilSent = (id: string): Promise<Sent> =>
		until(async () => {
			const { id: deliveryId = "", status, receipt } = (await deliveriesOf(id)).at(-1) ?? {};
			return status === "delivered" && receipt && { deliveryId, receipt };
		}) as Promise<Sent>;

	/** As `untilSent`, of a message that leads to its page and, where one is shown, can be answered by pressing. */
	const untilOpen = async (id: string): Promise<Sent> => {
		const sent = await untilSent(id);
		const { shown } = channel;
		if (!("lacks" in shown)) expect(await shown(sent)).toEqual({ open: true, text: expect.stringContaining(id) });
		return sent;
	};

	/** Until there is nothing left to press on a message, and it says how it ended; a channel that shows none has none to mend. */
	const untilShown = async (sent: Sent, words: string): Promise<void> => {
		const { shown } = channel;
		if ("lacks" in shown) return;
		await until(async () => {
			const { text, open } = await shown(sent);
			return !open && text.includes(words);
		});
	};

	const everything = opened.move();
	return {
		channel,
		label: adapterLabel(adapter),
		must,
		call: (method: string, path: string, body: object) => owner.call(method, `${base}${path}`, { body }),
		/** A question that nobody else asks, on its way to the channel. */
		ask: async () => {
			const question = `Which market first ${randomUUID().slice(0, 8)}?`;
			const { id } = await must("POST", "/requests", { node_id: node.id, question, targets: [addressee] });
			return { id, question };
		},
		/** The same question to so many agents, all of whom are there; answers with their messages once they have arrived. */
		askSeveral: async (count: number, answer_policy: AnswerPolicy) => {
			const agents: { id: string }[] = [];
			while (agents.length < count) {
				const agent = await must("POST", "/agents", { name: `Agent ${randomUUID().slice(0, 8)}` });
				await must("PUT", `/agents/${agent.id}/routes`, { routes: [addressee] }, { "if-match": "*" });
				agents.push(agent);
			}
			const targets = agents.map(({ id: agent_id }) => ({ agent_id }));
			const { id } = await must("POST", "/requests", { node_id: node.id, question: "Which market first?", targets, answer_policy });
			const sent = await until(async () => {
				const known = await deliveriesOf(id);
				return known.length === count && known.every(({ status }) => status === "delivered") && known;
			}, 20_000);
			return { id, sent: sent.map(({ id: deliveryId, receipt }): Sent => ({ deliveryId, receipt })) };
		},
		askToDecide: () => must("POST", "/decisions", { node_id: node.id, question: "Publish it?", notify: [addressee] }),
		untilSent,
		untilOpen,
		detailOf,
		decisionOf,
		untilStatus: (id: string, status: RequestStatus) =>
			until(async () => {
				const detail = await detailOf(id);
				return detail.request.status === status && detail;
			}),
		/** Sends again what nobody knows the fate of. */
		retryUnknown: async (id: string) => {
			const [delivery] = await until(async () => {
				const unknown = (await deliveriesOf(id)).filter(({ status }) => status === "unknown");
				return unknown.length > 0 && unknown;
			});
			return () => bringForward(api.db, delivery?.id ?? "");
		},
		passDeadline: async (id: string) => {
			await pool.query("update agent_requests set deadline_at = now() where id = $1", [id]);
			await makeDue(api.db, id, "agent.request.deadline.due");
		},
		untilShown,
		/** As `untilShown`, soon after it was closed. */
		untilClosed: async (sent: Sent, words: string, closedAt: string | null): Promise<void> => {
			await untilShown(sent, words);
			expect(Date.now() - Date.parse(closedAt ?? "")).toBeLessThan(channel.closesWithinMs ?? 2_000);
		},
		auditOf: async (id: string) => (await pool.query("select type from audit_logs where subject_id = $1", [id])).rows,
		/** All that was pressed has been judged. */
		untilJudged: () =>
			until(async () => (await pool.query("select from timers where type = 'agent.decision.vote.record.due'")).rowCount === 0, 20_000),
		untilNothingIsLost: () => until(async () => (await findViolations(api.core)).length === 0),
		close: () => everything.disposeAsync(),
	};
};
