import { getRouteApi } from "@tanstack/react-router";
import { TokenList } from "../features/tokens/token-list.tsx";

const route = getRouteApi("/signed-in/projects/$projectId/settings/tokens");

export const TokensPage = () => {
	const { projectId } = route.useParams();
	return <TokenList projectId={projectId} />;
};
