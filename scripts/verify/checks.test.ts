import { expect, test } from "vitest";
import { deadPaths } from "./doc-paths.ts";
import { foreignLines } from "./lock-file.ts";

test("a path that a document cites must exist, in code as in links", () => {
	const text = [
		"`scripts/start.ts`, `scripts/nowhere.ts`, `core/src/{emit,lost}.ts`, `e2e/`, `npm start`, `core/src/<feature>/x.ts`, `POST /projects`",
		"[here](../README.md), [there](gone.md), [web](https://example.org/docs/no.md)",
	].join("\n");
	expect(deadPaths("docs/some.md", text)).toEqual([
		"docs/some.md: scripts/nowhere.ts",
		"docs/some.md: core/src/lost.ts",
		"docs/some.md: docs/gone.md",
	]);
});

test("a lock file names workspaces, and neither registries nor folders", () => {
	const lines = [
		'"resolved": "core",',
		'"resolved": "https://registry.example.org/x/-/x-1.0.0.tgz",',
		'"integrity": "sha512-/abc/def+/==",',
		'"x": "file:../x",',
		'"node_modules/x": {',
	];
	expect(foreignLines(lines.join("\n"))).toEqual([
		'2: "resolved": "https://registry.example.org/x/-/x-1.0.0.tgz",',
		'4: "x": "file:../x",',
	]);
});
