import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { nodeRequestsQuery } from "../../queries/requests.ts";
import { RequestRow } from "./request-row.tsx";

type Props = { projectId: string; nodeId: string; onOpen: (requestId: string) => void };

export const NodeRequests = ({ projectId, nodeId, onOpen }: Props) => {
	const requests = useQuery(nodeRequestsQuery(projectId, nodeId));
	return (
		<section className="node-requests" aria-labelledby="node-requests-heading">
			<h2 className="section-title" id="node-requests-heading" style={{ marginBottom: "0.375rem" }}>
				Requests
			</h2>
			{requests.isPending && <LoadingRows rows={2} />}
			{requests.isError && <LoadError error={requests.error} retry={() => void requests.refetch()} />}
			{requests.data?.items.length === 0 && (
				<p className="small dim" style={{ margin: 0 }}>
					Nobody was asked about this yet.
				</p>
			)}
			{requests.data !== undefined && requests.data.items.length > 0 && (
				<ul className="request-list card">
					{requests.data.items.map((request) => (
						<li key={request.id}>
							<UnstyledButton onClick={() => onOpen(request.id)}>
								<RequestRow request={request} />
							</UnstyledButton>
						</li>
					))}
				</ul>
			)}
		</section>
	);
};
