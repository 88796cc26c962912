import { roleOf } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { UnprocessableError } from "../errors.ts";

/** Throws UnprocessableError for an owner who is no member of the project. */
export const assertOwner = async (ctx: ProjectContext, userId: string | null | undefined): Promise<void> => {
	if (typeof userId !== "string" || (await roleOf(ctx, userId)) !== null) return;
	throw new UnprocessableError("The owner is no member of this project. Choose a member, or nobody.", [
		{ field: "body.owner_user_id", message: "is not a member of this project" },
	]);
};
