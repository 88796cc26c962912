import type { AgentRequestDetail, AgentResponse, Delivery, RequestOverview } from "@agentplanner/contracts";
import { describe, expect, it } from "vitest";
import { conversationOf, questionsOf } from "./conversation.ts";
import { requestLook } from "./request-look.ts";
import { summarizeRequest, waitsForRepair } from "./request-summary.ts";

const request = {
	id: "request",
	status: "dispatched",
	question: "Which database?",
	asked_by: "Ada",
	created_at: "2026-11-21T10:00:00Z",
	deliveries: { total: 1, arrived: 0, retrying: 0, held: 0 },
} as RequestOverview;

const buildResponse = (id: string, kind: AgentResponse["kind"], at: string, outcome: AgentResponse["outcome"] = "accepted") =>
	({ id, kind, respondent: "Echo", text: id, outcome, created_at: at }) as AgentResponse;

const buildDelivery = (status: Delivery["status"], kind: Delivery["kind"] = "request") =>
	({ status, kind, integration_name: "Echo", integration_enabled: true }) as Delivery;

describe("conversation", () => {
	it("shows what was said in the order it was said, the question first", () => {
		const detail: AgentRequestDetail = {
			request,
			context: null,
			deliveries: [],
			// Offsets differ: text order would be wrong.
			responses: [
				buildResponse("answer", "answer", "2026-11-21T12:03:00+02:00"),
				buildResponse("asks", "input_required", "2026-11-21T10:01:00Z"),
				buildResponse("late", "answer", "2026-11-21T10:04:00Z", "superseded"),
			],
			replies: [{ delivery_id: "reply", text: "Postgres", from: "Ada", replied_at: "2026-11-21T10:02:00Z" }],
			climbed: [],
		};
		expect(conversationOf(detail).map(({ id, superseded }) => [id, superseded])).toEqual([
			["request", false],
			["asks", false],
			["reply", false],
			["answer", false],
			["late", true],
		]);
	});
});

describe("questions asked back", () => {
	const [first, second] = [
		buildResponse("Which region?", "input_required", "2026-11-21T10:01:00Z"),
		buildResponse("Which size?", "input_required", "2026-11-21T10:03:00Z"),
	];
	const ask = (change: Partial<RequestOverview>, responses: AgentResponse[]) =>
		questionsOf({ request: { ...request, ...change }, responses, deliveries: [], replies: [], climbed: [], context: null });

	it("keeps the earlier ones, so that a reply begun for one isn't sent for another", () => {
		expect(ask({ status: "input_required", input_question: "Which size?" }, [second, first])).toEqual([
			{ id: "Which region?", open: false },
			{ id: "Which size?", open: true },
		]);
	});

	it("closes all of them once the request goes on or ends", () => {
		for (const status of ["working", "completed", "cancelled"] as const)
			expect(ask({ status, input_question: null }, [first])).toEqual([{ id: "Which region?", open: false }]);
	});

	it("leaves out what is not applied yet, and still has one to reply to", () => {
		const received = buildResponse("And now?", "input_required", "2026-11-21T10:05:00Z", "received");
		expect(ask({ status: "input_required", input_question: "Which region?" }, [first, received])).toEqual([
			{ id: "Which region?", open: true },
		]);
		expect(ask({ status: "input_required", input_question: "?" }, [])).toEqual([{ id: "request", open: true }]);
	});
});

describe("request summary", () => {
	it("counts places, not replies", () => {
		const deliveries = [buildDelivery("delivered"), buildDelivery("retrying"), buildDelivery("delivered", "reply")];
		expect(summarizeRequest({ request, deliveries, responses: [], replies: [], climbed: [], context: null }, new Set())).toBe(
			"Delivered to 1 of 2 places. Waiting for an answer.",
		);
	});

	it("says that it is tried again while nothing is through", () => {
		const retrying = { ...request, deliveries: { ...request.deliveries, retrying: 1 } };
		const deliveries = [buildDelivery("unknown")];
		expect(
			summarizeRequest({ request: retrying, deliveries, responses: [], replies: [], climbed: [], context: null }, new Set()),
		).toContain("tried again");
	});

	it("doesn't promise another try where the integration is disabled", () => {
		const held = { ...request, deliveries: { ...request.deliveries, retrying: 1, held: 1 } };
		const deliveries = [{ ...buildDelivery("retrying"), integration_enabled: false }];
		expect(summarizeRequest({ request: held, deliveries, responses: [], replies: [], climbed: [], context: null }, new Set())).toBe(
			"Not sent: Echo is disabled. It goes out as soon as somebody enables it.",
		);
	});

	it("says that credentials must be repaired, until something got through", () => {
		const refused = new Set(["echo"]);
		const delivery = { ...buildDelivery("retrying"), integration_id: "echo" };
		const detail = { request, deliveries: [delivery], responses: [], replies: [], climbed: [], context: null };
		expect(summarizeRequest(detail, refused)).toBe("Held: the credentials of Echo were refused. Somebody must repair them; see below.");
		expect(requestLook(request, { waitsForRepair: waitsForRepair(detail, refused) }).label).toBe("Held");
		expect(waitsForRepair({ ...detail, deliveries: [delivery, buildDelivery("delivered")] }, refused)).toBe(false);
	});

	it("names who answered, once each", () => {
		const responses = ["one", "two"].map((id) => buildResponse(id, "answer", "2026-11-21T10:01:00Z"));
		const closed: RequestOverview = { ...request, status: "completed" };
		expect(summarizeRequest({ request: closed, deliveries: [], responses, replies: [], climbed: [], context: null }, new Set())).toBe(
			"By Echo.",
		);
		const [named] = responses.map((response) => ({ ...response, respondent: "Ada L." }));
		expect(
			summarizeRequest(
				{ request: closed, deliveries: [], responses: named ? [named] : [], replies: [], climbed: [], context: null },
				new Set(),
			),
		).toBe("By Ada L.");
	});
});
