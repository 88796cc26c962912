import { createToken } from "@agentplanner/core";
import { body, type Lines, read, write } from "./line.ts";

export const tokens: Lines<"tokens"> = {
	createToken: read(null, body({ name: "CI", scopes: ["plans:read"] })),
	listTokens: read(null),
	revokeToken: {
		...write("admin", null, async ({ owner }) => ({
			params: { tokenId: (await createToken(owner, { name: "CI", scopes: ["plans:read"] })).id },
		})),
		tooSmall: 404,
	},
};
