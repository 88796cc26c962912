// What a good engineer would write in an afternoon, without a product around it: Express, pg, a session, one transaction.
import { createHash } from "node:crypto";
import express from "express";
import pg from "pg";
import { listenAsBaseline } from "./listen.ts";

/** As many as the product's api. */
const poolSize = 10;
const dayMs = 86_400_000;

type Ask = { project_id: string; plan_id: string; node_id: string; question: string };
type Session = { id: string; user_id: string; name: string };

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: poolSize });

const findSession = async (cookie = ""): Promise<Session | undefined> => {
	const token = /(?:^|; )sid=([^;]+)/.exec(cookie)?.[1] ?? "";
	const { rows } = await pool.query<Session>(
		`select s.id, s.user_id, u.name from user_sessions s join users u on u.id = s.user_id
		where s.token_hash = $1 and s.revoked_at is null and s.expires_at > now()`,
		[createHash("sha256").update(token).digest()],
	);
	return rows[0];
};

const createRequest = async (session: Session, ask: Ask) => {
	const client = await pool.connect();
	try {
		await client.query("begin");
		const deadline = new Date(Date.now() + 7 * dayMs);
		const { rows } = await client.query(
			`insert into agent_requests (project_id, plan_id, node_id, question, answer_policy, asked_by, asked_by_user_id, deadline_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8) returning *`,
			[ask.project_id, ask.plan_id, ask.node_id, ask.question, { kind: "first" }, session.name, session.user_id, deadline],
		);
		const [request] = rows;
		const data = { agent_request_id: request.id };
		await client.query(
			`insert into timers (project_id, type, subject_id, due_at, data)
			values ($1, 'agent.request.dispatch.due', $2, now() + interval '1 minute', $3), ($1, 'agent.request.deadline.due', $2, $4, $3)`,
			[ask.project_id, request.id, data, deadline],
		);
		const event = await client.query(
			`insert into events (project_id, type, subject_type, subject_id, data, actor)
			values ($1, 'agent.request.created', 'request', $2, $3, $4) returning id`,
			[
				ask.project_id,
				request.id,
				{ ...data, node_id: ask.node_id },
				{ type: "user", userId: session.user_id, sessionId: session.id, name: session.name },
			],
		);
		await client.query("insert into outbox (event_id, type) values ($1, 'agent.request.created')", [event.rows[0].id]);
		await client.query("commit");
		return request;
	} catch (error) {
		await client.query("rollback");
		throw error;
	} finally {
		client.release();
	}
};

const app = express();
app.use(express.json());
app.post("/requests", async (request, response) => {
	const session = await findSession(request.headers.cookie);
	if (!session) return void response.status(401).json({ error: "Sign in first." });
	response.status(202).json(await createRequest(session, request.body as Ask));
});
listenAsBaseline(app, () => pool.end());
