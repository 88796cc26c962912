import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { MemberList } from "../features/members/member-list.tsx";
import { sessionQuery } from "../queries/session.ts";

const route = getRouteApi("/signed-in/projects/$projectId/settings/members");

export const MembersPage = () => {
	const { projectId } = route.useParams();
	const navigate = useNavigate();
	const client = useQueryClient();
	const leave = async () => {
		await client.invalidateQueries({ queryKey: sessionQuery().queryKey });
		await navigate({ to: "/" });
	};
	return <MemberList projectId={projectId} onLeft={() => void leave()} />;
};
