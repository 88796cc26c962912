import { relative } from "node:path";
import type { DemoLogin } from "./demo.ts";
import type { Options } from "./options.ts";

const engineLine: Record<Options["engine"], string> = {
	postgres: "Postgres (graphile-worker). For Hatchet: npm start -- --engine hatchet",
	hatchet: "Hatchet. For Postgres alone: npm start -- --engine postgres",
};

const shorten = (path: string) => {
	const fromHere = relative(process.cwd(), path);
	return fromHere.startsWith("..") ? path : fromHere || ".";
};

/** What somebody needs to know once it runs. */
export const banner = (facts: {
	url: string;
	options: Options;
	login: DemoLogin | null;
	hasUsers: boolean;
	database: string;
	notes: string[];
}): string => {
	const { url, options, login, hasUsers, database, notes } = facts;
	const signIn = login
		? [`Sign in   ${login.email}`, `Password  ${login.password}`]
		: [hasUsers ? "Sign in   with your account" : "Sign in   make the first account; it owns the installation"];
	return [
		"",
		`AgentPlanner runs at ${url}`,
		"",
		...signIn,
		...(login ? ['Try       open the plan "Launch the spring release", pick a task, press Ask Agent'] : []),
		`Engine    ${engineLine[options.engine]}`,
		`Data      ${shorten(options.dataDir)} (database: ${database}; logs: ${shorten(`${options.dataDir}/logs`)})`,
		"Stop      Ctrl-C",
		...notes.map((note) => `Note      ${note}`),
		"",
	].join("\n");
};
