import { z } from "zod";

/** Header of what is written under a claim. */
export const ClaimFenceHeaders = z.object({
	"claim-fence": z
		.string()
		.regex(/^[1-9][0-9]{0,8}$/, "must be the claim's fence, a number")
		.optional()
		.describe("The `fence` of the caller's claim on the node. With it the write is refused (409) once that claim is over"),
});
