import type { AccountLink } from "@agentplanner/contracts";
import type { Context } from "../context.ts";
import { ConflictError } from "../errors.ts";
import { linkAccount } from "./link-account.ts";
import { openLink } from "./preview-link.ts";
import { SignInRefusedError } from "./sign-in-refused.ts";

/**
 * Says that the actor is the person who got that link on a platform; saying it again changes nothing. Refuses as `openLink` does, and
 * throws ConflictError where the person is somebody else here, or the actor somebody else there.
 */
export const linkPlatformAccount = async (ctx: Context, token: string): Promise<AccountLink> => {
	const { link, person } = await openLink(ctx, token);
	try {
		await linkAccount(ctx, person);
	} catch (error) {
		if (!(error instanceof SignInRefusedError)) throw error;
		const platform = ctx.adapterLabel(link.adapter);
		throw new ConflictError(
			error.problem === "linked_elsewhere"
				? `${link.name} on ${platform} is linked to somebody else's account here. Whoever that is unlinks it in their account first.`
				: `You are linked to somebody else on ${platform} already. Unlink that one in your account first, then open this link again.`,
		);
	}
	return { ...link, linked: true };
};
