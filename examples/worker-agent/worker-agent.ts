/** A worker: claims the next task of a plan, works on it under a lease that it renews, and says what came of it. Again and again. */
import { setTimeout as pause } from "node:timers/promises";

const { AGENTPLANNER_URL = "http://127.0.0.1:3000", PROJECT_ID, PLAN_ID, AGENT_TOKEN = "" } = process.env;
const { LEASE_SECONDS = "60", WORK_SECONDS = "1" } = process.env;
if (!PROJECT_ID || !PLAN_ID || !AGENT_TOKEN) throw new Error("Set PROJECT_ID, PLAN_ID and AGENT_TOKEN (ap_…).");

type Claim = { id: string; fence: number };
type Task = { id: string; title: string; agent_instructions: string; acceptance_criteria: string };

/** `status` 409: somebody else has the task, and nothing was written. */
class Refused extends Error {
	status = 0;
}

const call = async <Reply>(method: string, path: string, body: object, headers: Record<string, string> = {}): Promise<Reply> => {
	const response = await fetch(`${AGENTPLANNER_URL}/api/v1/projects/${PROJECT_ID}${path}`, {
		method,
		headers: { "x-api-key": AGENT_TOKEN, "content-type": "application/json", ...headers },
		body: JSON.stringify(body),
		signal: AbortSignal.timeout(15_000),
	});
	const reply = (await response.json()) as Reply & { detail: string };
	if (response.ok) return reply;
	throw Object.assign(new Refused(reply.detail), { status: response.status });
};

/** Put your own work here. `lost` fires when the task is no longer yours: stop then. */
const work = async (task: Task, lost: AbortSignal): Promise<string> => {
	await pause(Number(WORK_SECONDS) * 1000, undefined, { signal: lost });
	return `Did “${task.title}”.`;
};

const doTask = async (claim: Claim, task: Task): Promise<void> => {
	const lost = new AbortController();
	const renew = () =>
		call("POST", `/claims/${claim.id}/renew`, {}).catch((error) => {
			if (error instanceof Refused && error.status < 500) lost.abort();
		});
	const renewing = setInterval(renew, (Number(LEASE_SECONDS) * 1000) / 3);
	const underClaim = { "claim-fence": String(claim.fence) };
	try {
		const text = await work(task, lost.signal);
		await call("POST", `/nodes/${task.id}/logs`, { kind: "progress", text }, underClaim);
		await call("PUT", `/nodes/${task.id}/status`, { status: "completed" }, underClaim);
		console.log(text);
	} finally {
		clearInterval(renewing);
	}
};

const beat = () => call("POST", "/agents/me/heartbeat", { interval_seconds: 10 }).catch(() => {});
void beat();
setInterval(beat, 10_000);

const wanted = { plan_id: PLAN_ID, lease_seconds: Number(LEASE_SECONDS) };
for (;;) {
	try {
		const { claim, node } = await call<{ claim: Claim | null; node: Task | null }>("POST", "/claims/next", wanted);
		if (claim && node) await doTask(claim, node);
		else await pause(1_000);
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		await pause(1_000);
	}
}
