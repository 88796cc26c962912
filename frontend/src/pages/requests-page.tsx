import { getRouteApi } from "@tanstack/react-router";
import { RequestList } from "../features/requests/request-list.tsx";

const route = getRouteApi("/signed-in/projects/$projectId/requests");

export const RequestsPage = () => {
	const { projectId } = route.useParams();
	const { status } = route.useSearch();
	const navigate = route.useNavigate();
	return (
		<div className="page">
			<RequestList
				projectId={projectId}
				status={status}
				onStatus={(next) => void navigate({ search: next === undefined ? {} : { status: next } })}
			/>
		</div>
	);
};
