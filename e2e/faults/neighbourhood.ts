import { randomUUID } from "node:crypto";
import type { Person } from "../support/person.ts";
import type { Ground } from "./fault-case.ts";
import type { Delivery, House, Integration } from "./house.ts";

/** A project of its own in the house. */
export type Neighbourhood = { person: Person; project: string; projectId: string; query: House["query"] };

/** From which these private networks alone may be reached; what it hasn't sent when the case ends, it doesn't send. */
export const makeProject = async ({ house: open, own }: Ground, allowedNetworks = ["127.0.0.0/8"]): Promise<Neighbourhood> => {
	const { person, query } = await open();
	const { id } = await person.must<{ id: string }>("POST", "/projects", { name: `Neighbourhood ${randomUUID()}` });
	const project = `/projects/${id}`;
	await person.must("PATCH", project, { allowed_networks: allowedNetworks });
	own.defer(async () => void (await query("update messaging_integrations set enabled = false where project_id = $1", [id])));
	return { person, project, projectId: id, query };
};

type Policy = { max_in_flight?: number; per_second?: number };

/** Resolves with its id. */
export const addIntegration = async ({ person, project }: Neighbourhood, url: string, policy: Policy = {}): Promise<string> => {
	const body = { adapter: "webhook", name: randomUUID(), settings: { url }, delivery_policy: policy };
	return (await person.must<{ id: string }>("POST", `${project}/integrations`, body)).id;
};

/** As the list of integrations shows it: with what waits there. */
export const integrationIn = async ({ person, project }: Neighbourhood, id: string): Promise<Integration> => {
	const { items } = await person.must<{ items: Integration[] }>("GET", `${project}/integrations`);
	const found = items.find((one) => one.id === id);
	if (!found) throw new Error(`There is no integration ${id}.`);
	return found;
};

export const deliveryIn = ({ person, project }: Neighbourhood, id: string): Promise<Delivery> =>
	person.must<Delivery>("GET", `${project}/deliveries/${id}`);

/** Sends a plain message; resolves with its delivery's id, which is its webhook-id. */
export const sendMessage = async ({ person, project }: Neighbourhood, integrationId: string, address = ""): Promise<string> =>
	(await person.must<{ id: string }>("POST", `${project}/messages`, { to: { integration_id: integrationId, address }, text: "Hello." })).id;

const clients = 16;

/** One to each of these, as fast as that many clients get them accepted; resolves with their ids. */
export const sendMessages = async (place: Neighbourhood, integrationIds: readonly string[]): Promise<string[]> => {
	const ids: string[] = [];
	const left = integrationIds.values();
	const client = async () => {
		for (const integrationId of left) ids.push(await sendMessage(place, integrationId));
	};
	await Promise.all(Array.from({ length: clients }, client));
	return ids;
};

/** How many of its deliveries are in which state. */
export const countDeliveries = async ({ query, projectId }: Neighbourhood): Promise<Record<string, number>> => {
	const rows = await query<{ status: string; count: number }>(
		"select status, count(*)::int as count from message_deliveries where project_id = $1 group by status",
		[projectId],
	);
	return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
};
