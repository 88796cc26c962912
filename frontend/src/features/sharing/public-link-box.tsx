import { type Plan, publicPlanPath } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CopyValue } from "../../components/copy-value.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { publicLinkQuery, renewPublicLink } from "../../queries/sharing.ts";

/** The link of a public plan, and another one in its place. */
export const PublicLinkBox = ({ plan }: { plan: Plan }) => {
	const client = useQueryClient();
	const query = publicLinkQuery(plan.project_id, plan.id);
	const link = useQuery(query);
	const [asking, setAsking] = useState(false);
	const renew = useMutation({
		mutationFn: () => renewPublicLink(plan),
		onSuccess: (made) => {
			setAsking(false);
			client.setQueryData(query.queryKey, made);
		},
	});
	if (link.isPending) return <LoadingRows rows={1} />;
	if (link.data === undefined) return <LoadError error={link.error} retry={() => void link.refetch()} />;
	if (link.data.key === null) return null;
	return (
		<div className="public-link">
			<CopyValue label="public link" value={window.location.origin + publicPlanPath + link.data.key} />
			{asking ? (
				<div className="share-ask">
					<span className="small">The link above stops working.</span>
					<Button color="red" loading={renew.isPending} onClick={() => renew.mutate()}>
						Make a new one
					</Button>
					<Button variant="default" onClick={() => setAsking(false)}>
						Keep it
					</Button>
				</div>
			) : (
				<Button variant="default" leftSection={<IconRefresh size={14} />} onClick={() => setAsking(true)}>
					New link…
				</Button>
			)}
			{renew.error !== null && <ErrorNotice error={renew.error} />}
		</div>
	);
};
