import { getRouteApi, useRouter } from "@tanstack/react-router";
import { SignInForm } from "../features/auth/sign-in-form.tsx";

const route = getRouteApi("/sign-in");

export const SignInPage = () => {
	const router = useRouter();
	const { return: returnTo = "/", problem } = route.useSearch();
	return <SignInForm returnTo={returnTo} problem={problem ?? null} onSignedIn={() => router.history.push(returnTo)} />;
};
