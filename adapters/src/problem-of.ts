import type { z } from "zod";

/** The first thing that is wrong with what somebody sent, behind where it stands; `whole` is the name of it all. */
export const problemOf = ({ issues: [issue] }: z.ZodError, whole = "body"): string =>
	`${issue?.path.join(".") || whole}: ${issue?.message ?? "not understood"}`;
