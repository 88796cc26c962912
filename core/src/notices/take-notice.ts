import { type Ear, linkAccountPath, type PlatformPerson, type Whisper } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { createLinkToken } from "../users/link-token.ts";
import type { Notice } from "./leave-notice.ts";

/** What one person shall hear on a platform, and nobody else. Its addresses are without our own before them. */
export type TakenNotice = { integrationId: string; ear: Ear; whisper: Required<Whisper> };

type Taken = { integrationId: string; externalAccount: string; ear: Ear; notice: Notice; person: PlatformPerson };

/** Takes the notice that was left at an inbound event, with the ear to say it into; once, and null ever after. */
export const takeNotice = async (ctx: ProjectContext, inboundId: string): Promise<TakenNotice | null> => {
	const { rows } = await ctx.db.execute<Taken>(sql`
		with waiting as (
			select id, data from inbound_events
			where project_id = ${ctx.projectId} and id = ${inboundId} and data ? 'notice' and data ? 'ear' for update
		)
		update inbound_events event set data = event.data - 'notice' - 'ear'
		from waiting, messaging_integrations integration
		where event.id = waiting.id and integration.id = event.integration_id
		returning integration.id as "integrationId", integration.external_account as "externalAccount",
			waiting.data -> 'ear' as ear, waiting.data -> 'notice' as notice, waiting.data -> 'person' as person`);
	const [taken] = rows;
	if (!taken) return null;
	const { integrationId, ear, notice } = taken;
	const link = notice.link === "account" ? await linkFor(ctx, taken) : { label: notice.link.label, url: notice.link.path };
	const items = (notice.items ?? []).map(({ path, ...item }) => ({ ...item, url: path }));
	return { integrationId, ear, whisper: { text: notice.text, items, link } };
};

const linkFor = async (ctx: ProjectContext, { integrationId, externalAccount, person }: Taken) => ({
	label: "Link your account",
	url: `${linkAccountPath}#${await createLinkToken(ctx, { integrationId, externalAccount, externalUserId: person.id, name: person.name })}`,
});
