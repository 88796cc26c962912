import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "../start/root.ts";
import type { Check } from "./check.ts";

const folders = [
	"contracts",
	"db",
	"core",
	"engine",
	"adapters",
	"api",
	"worker",
	"frontend",
	"e2e",
	"bench",
	"docker",
	"docs",
	"scripts",
	"examples",
	".ci",
];
const rootFiles = /^[\w.-]+\.(md|mjs|ts|json|yml)$/;

const documents = (): string[] => {
	const inDocs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((name) => join("docs", name));
	return ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", ...inDocs].filter((name) => name.endsWith(".md"));
};

/** `core/src/requests/` and `core/src/{emit,timers}.ts` as the paths they mean; null for what is no path of ours. */
const pathsOf = (code: string): string[] | null => {
	const text = code.split("#")[0] ?? "";
	// What is built is not there before it is built.
	if (/[\s<>*$…]/.test(text) || text.split("/").includes("dist")) return null;
	const isOurs = folders.some((folder) => text === `${folder}/` || text.startsWith(`${folder}/`));
	if (!isOurs && !(rootFiles.test(text) && existsSync(join(root, text)))) return null;
	const group = /\{([^}]+)\}/.exec(text);
	if (!group) return [text];
	return (group[1] ?? "").split(",").map((name) => text.replace(group[0], name));
};

/** Paths that `document` cites in code or links to and that don't exist. */
export const deadPaths = (document: string, text: string): string[] => {
	const cited = [...text.matchAll(/`([^`\n]+)`/g)].flatMap((match) => pathsOf(match[1] ?? "") ?? []);
	const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) =>
		relative(root, join(root, dirname(document), match[1] ?? "")),
	);
	return [...new Set([...cited, ...linked])].filter((path) => !existsSync(join(root, path))).map((path) => `${document}: ${path}`);
};

export const docPaths: Check = {
	name: "paths in documents",
	run: async () => {
		const dead = documents().flatMap((document) => deadPaths(document, readFileSync(join(root, document), "utf8")));
		return dead.length > 0 ? `These paths do not exist:\n${dead.join("\n")}` : null;
	},
};
