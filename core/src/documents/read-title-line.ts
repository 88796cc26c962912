import { type NodeKind, type NodeStatus, nodeKinds, nodeStatuses } from "@agentplanner/contracts";
import { kindWords, statusSigns } from "./markdown-words.ts";
import { readTitle } from "./titles.ts";

export type TitleLine = { status: NodeStatus; kind: NodeKind; title: string };

const knownSigns = nodeStatuses.map((status) => `[${statusSigns[status]}]`).join(", ");

/** Takes `[x] Milestone: Announced` apart. A sign or a kind that isn't there is the first status, and the kind that is expected. */
export const readTitleLine = (source: string, expected: NodeKind): TitleLine | { problem: string } => {
	const [, sign, afterSign] = /^\[(.)\](?:\s+(.*))?$/su.exec(source) ?? [null, undefined, source];
	const status = sign === undefined ? "not_started" : nodeStatuses.find((name) => statusSigns[name] === sign.toLowerCase());
	if (!status) return { problem: `[${sign}] is no status. Use one of ${knownSigns}, or write \\[${sign}] where it belongs to the title.` };
	const [, word, afterKind] = /^(phase|task|milestone):\s*(.*)$/is.exec(afterSign ?? "") ?? [null, undefined, afterSign ?? ""];
	const kind = nodeKinds.find((name) => kindWords[name].toLowerCase() === word?.toLowerCase()) ?? expected;
	const title = readTitle(afterKind ?? "");
	return title === "" ? { problem: "has no title. Write what it is about on the same line." } : { status, kind, title };
};
