import { Button } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Moment } from "../../components/moment.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { Section } from "../../components/section.tsx";
import { EmptyState, LoadError, LoadingRows } from "../../components/states.tsx";
import { auditQuery } from "../../queries/audit.ts";
import { integrationsQuery, useAdapterLabels } from "../../queries/integrations.ts";
import { membersQuery } from "../../queries/members.ts";
import { auditActor, describeAudit } from "./describe-audit.ts";

/** The critical acts in the project; the newest first. */
export const AuditList = ({ projectId }: { projectId: string }) => {
	const audit = useInfiniteQuery(auditQuery(projectId));
	const members = useQuery(membersQuery(projectId)).data?.items ?? [];
	const integrations = useQuery(integrationsQuery(projectId)).data?.items ?? [];
	const names = {
		memberName: (userId: string) => members.find(({ user_id }) => user_id === userId)?.name ?? null,
		adapterLabel: useAdapterLabels(),
		integrationName: (id: string) => integrations.find((integration) => integration.id === id)?.name ?? null,
	};
	const items = audit.data?.pages.flatMap((page) => page.items) ?? [];
	return (
		<Section
			id="audit-heading"
			title="Audit log"
			about="Who invited, added or removed people, made tokens, changed integrations, their secrets or routes, and replayed deliveries that had given up. Nothing in it can be changed or deleted."
		>
			{audit.isPending && <LoadingRows />}
			{audit.isError && audit.data === undefined && <LoadError error={audit.error} retry={() => void audit.refetch()} />}
			{audit.data !== undefined && items.length === 0 && (
				<EmptyState icon={IconListCheck} title="Nothing yet">
					Invitations, roles, tokens and secrets show up here as soon as somebody touches them.
				</EmptyState>
			)}
			{items.length > 0 && (
				<ol className="rows card" aria-labelledby="audit-heading">
					{items.map((entry) => (
						<li key={entry.id}>
							<span className="row-text wrap">
								<span>
									<strong>{auditActor(entry)}</strong> {describeAudit(entry, names)}
								</span>
							</span>
							<span className="tiny dim">
								<Moment at={entry.occurred_at} />
							</span>
						</li>
					))}
				</ol>
			)}
			{audit.isFetchNextPageError && <ErrorNotice error={audit.error} />}
			{audit.hasNextPage && (
				<Button variant="default" mt="sm" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
					Load more
				</Button>
			)}
		</Section>
	);
};
