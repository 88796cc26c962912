import { readFileSync } from "node:fs";
import { PermissionFlagsBits } from "discord.js";
import { describe, expect, test } from "vitest";
import { installPermissions, installUrl } from "../../src/discord/permissions.ts";
import { connect, long, signal, useDiscord, wrongToken } from "./harness.ts";
import { world } from "./world.ts";

const { channel } = world;
const discord = useDiscord();

describe("the check", () => {
	test("names what is not as in the Developer Portal, and only a wrong application holds messages back", async () => {
		const found = async (configured: object, changes: object = {}) => {
			discord.double.configure({ ...configured });
			const problems = await (await connect(discord.double.url, changes)).check([], signal());
			expect(problems.length).toBeLessThan(2);
			return problems[0];
		};
		expect(await found({})).toBeUndefined();
		expect(await found({ id: "1160000000000000099" })).toMatchObject({ kind: "unauthorized" });
		expect(await found({ verify_key: long(64) })).toMatchObject({ problem: expect.stringContaining("public key") });
		expect((await found({ interactions_endpoint_url: null }))?.remedy).toContain("Interactions Endpoint URL");
		expect(await found({ interactions_endpoint_url: null }, { gateway: "mentions" })).toBeUndefined();
		expect((await found({}, { gateway: "all" }))?.remedy).toContain("Message Content Intent");
		expect(await found({ flags: 1 << 19 }, { gateway: "all" })).toBeUndefined();
	});

	test("names each channel that routes lead to and that it can't work in", async () => {
		const [voice, locked, closed] = ["1160000000000000021", "1160000000000000022", "1160000000000000023"];
		discord.double.addChannel(voice, { type: 4 });
		discord.double.addChannel(locked, { type: 11, parent_id: channel, thread_metadata: { archived: true, locked: true } });
		const deny = String(PermissionFlagsBits.EmbedLinks | PermissionFlagsBits.ReadMessageHistory);
		discord.double.addChannel(closed, { permission_overwrites: [{ id: world.guild, type: 0, allow: "0", deny }] });
		const problems = await discord.connection.check([channel, voice, locked, closed, "1160000000000000024", "#general", ""], signal());
		expect(problems.map(({ problem }) => problem)).toEqual([
			`The channel ${voice} takes no messages.`,
			`The thread ${locked} is locked.`,
			expect.stringContaining(`In the channel ${closed} the bot lacks permissions: Embed Links to show questions, Read Message History`),
			expect.stringContaining("Channel 1160000000000000024: "),
			expect.stringContaining("#general"),
			"The route names no channel.",
		]);
		for (const { kind } of problems) expect(kind).not.toBe("unauthorized");
	});

	test("knows what a role gives, a channel takes away, and an owner gives back", async () => {
		const id = "1160000000000000025";
		const send = PermissionFlagsBits.SendMessages;
		const overwrite = (of: string, change: { allow?: bigint; deny?: bigint }) => ({
			...{ id: of, type: 0, allow: String(change.allow ?? 0), deny: String(change.deny ?? 0) },
		});
		const withOverwrites = async (...permission_overwrites: ReturnType<typeof overwrite>[]) => {
			discord.double.addChannel(id, { permission_overwrites });
			return (await discord.connection.check([id], signal())).length;
		};
		expect(await withOverwrites(overwrite(world.guild, { deny: send }))).toBe(1);
		expect(await withOverwrites(overwrite(world.guild, { deny: send }), overwrite(world.botRole, { allow: send }))).toBe(0);
		expect(await withOverwrites(overwrite(world.botRole, { allow: send }), overwrite(world.botId, { deny: send }))).toBe(1);
		discord.double.grant(PermissionFlagsBits.Administrator | installPermissions);
		expect(await withOverwrites(overwrite(world.botId, { deny: send }))).toBe(0);
		discord.double.grant(0n);
		expect((await discord.connection.check([id], signal()))[0]?.problem).toContain("can't see this channel");
	});

	test("of a wrong token is one problem", async () => {
		const wrong = await connect(discord.double.url, {}, wrongToken);
		expect(await wrong.check([channel], signal())).toMatchObject([{ kind: "unauthorized" }]);
	});
});

test("the guide's install link asks for what the check looks for", () => {
	const guide = readFileSync(new URL("../../../docs/discord.md", import.meta.url), "utf8");
	expect(guide).toContain(`\n${installUrl("APPLICATION_ID")}\n`);
});
