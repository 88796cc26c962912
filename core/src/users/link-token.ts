import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { Context } from "../context.ts";
import { UnprocessableError } from "../errors.ts";

/** A person who pressed something at an integration, on whose platform the id counts. */
export type LinkingPerson = { integrationId: string; externalAccount: string; externalUserId: string; name: string };

const lifeMinutes = 15;
const issuer = "agentplanner";
const algorithm = "HS256";
const type = "link+jwt";
const keyOf = ({ keys }: Context) => keys.secret("link-account");

const Claims = z.object({ integration: z.uuid(), account: z.string(), sub: z.string(), name: z.string() });

/** What proves for 15 minutes that its bearer is that person: it is told to that person alone. */
export const createLinkToken = (ctx: Context, { integrationId, externalAccount, externalUserId, name }: LinkingPerson): Promise<string> =>
	new SignJWT({ integration: integrationId, account: externalAccount, name })
		.setProtectedHeader({ alg: algorithm, typ: type })
		.setSubject(externalUserId)
		.setIssuer(issuer)
		.setIssuedAt(ctx.now())
		.setExpirationTime(new Date(ctx.now().getTime() + lifeMinutes * 60_000))
		.sign(keyOf(ctx));

const refused = (message: string) => new UnprocessableError(message, [{ field: "body.token", message: "is no good (any more)" }]);

/** Throws UnprocessableError for a token that has expired, or that we didn't make. */
export const readLinkToken = async (ctx: Context, token: string): Promise<LinkingPerson> => {
	try {
		const { payload } = await jwtVerify(token, keyOf(ctx), {
			algorithms: [algorithm],
			issuer,
			typ: type,
			requiredClaims: ["exp"],
			currentDate: ctx.now(),
		});
		const { integration, account, sub, name } = Claims.parse(payload);
		return { integrationId: integration, externalAccount: account, externalUserId: sub, name };
	} catch (error) {
		if (error instanceof errors.JWTExpired)
			throw refused(`This link was good for ${lifeMinutes} minutes. Press the button there again for a new one.`);
		if (error instanceof errors.JOSEError || error instanceof z.ZodError)
			throw refused("This link is not whole, or not one of ours. Press the button there again for a new one.");
		throw error;
	}
};
