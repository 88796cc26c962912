import type { FieldError } from "@agentplanner/contracts";

/** A problem of a file: at a line of it, or at a field of its JSON. */
export type Located = { place: string; line: number | null; message: string };

type Nodes = { nodes?: { title?: unknown }[] };

/** Where each problem is, in words; `document` is the JSON that was sent. */
export const locateProblems = (errors: FieldError[], document: unknown): Located[] =>
	errors.map(({ field, message }) => {
		const [, line, rest] = /^line (\d+): (.*)$/s.exec(message) ?? [];
		if (line !== undefined && rest !== undefined) return { place: `Line ${line}`, line: Number(line), message: rest };
		const path = field.replace(/^body\.?/, "");
		const [, index, key] = /^nodes\.(\d+)(?:\.([^.]+))?/.exec(path) ?? [];
		if (index === undefined) return { place: path === "" ? "The file" : path, line: null, message };
		const title = (document as Nodes).nodes?.[Number(index)]?.title;
		const node = typeof title === "string" ? `“${title}”` : `nodes.${index}`;
		return { place: key === undefined ? node : `${node}, ${key}`, line: null, message };
	});
