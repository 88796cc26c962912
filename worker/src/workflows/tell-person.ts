import { openIntegration, takeNotice } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { letGo, type OpenConnection } from "../connections.ts";
import { type House, runContext } from "../house.ts";

/** Nobody waits longer than that to hear why their button did nothing. */
const tellMs = 10_000;

/** Says something into one person's ear, at most once: what gets lost here stands on our page all the same. */
export const tellPerson = (house: House) =>
	workflow({
		name: "tell-person",
		retries: 0,
		timeoutMs: 20_000,
		patient: true,
		run: async (input, run) => {
			const ctx = runContext(house, input, run.metadata, "tell-person");
			const notice = await takeNotice(ctx, input.subjectId);
			if (!notice) return { told: false };
			const { integrationId, ear, whisper } = notice;
			let open: OpenConnection | null = null;
			try {
				const integration = await openIntegration(ctx, integrationId);
				if (!integration.enabled) return { told: false };
				open = await house.connections.open(integration);
				const link = { ...whisper.link, url: house.publicUrl + whisper.link.url };
				const items = whisper.items.map((item) => ({ ...item, url: house.publicUrl + item.url }));
				await open.connection.tell?.(ear, { text: whisper.text, items, link }, AbortSignal.any([run.signal, AbortSignal.timeout(tellMs)]));
				return { told: open.connection.tell !== undefined };
			} catch (error) {
				house.log.warn({ err: error, integrationId, projectId: ctx.projectId }, "a person was not told");
				return { told: false };
			} finally {
				if (open) letGo(open, house.log);
			}
		},
	});
