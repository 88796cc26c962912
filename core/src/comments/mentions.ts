import { type Mention, mentionRanges } from "@agentplanner/contracts";
import { agents, and, eq, projectMembers, type SQL, sql, users } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { listWhoSee } from "../plans/audience.ts";
import type { CommentRow } from "./present.ts";

const code = /```[\s\S]*?(?:```|$)|`[^`\n]*`/g;

/**
 * Whom a text mentions: members of the project who see that plan, and agents, each by their name. Several of the same name are all
 * meant. What stands in code mentions nobody.
 */
export const findMentions = async (tx: Tx<ProjectContext>, planId: string, text: string): Promise<Mention[]> => {
	const prose = text.replace(code, (part) => " ".repeat(part.length));
	if (!prose.includes("@")) return [];
	const known = await readNamed(tx, prose);
	const names = new Set(
		mentionRanges(
			prose,
			known.map(({ name }) => name),
		).map(({ name }) => name.toLowerCase()),
	);
	const named = known.filter(({ name }) => names.has(name.toLowerCase()));
	// Who doesn't see the plan must not learn of it by being named in it.
	const userIds = named.flatMap(({ kind, id }) => (kind === "user" ? [id] : []));
	const seeing = await listWhoSee(tx, planId, userIds);
	return named.filter(({ kind, id }) => kind === "agent" || seeing.has(id));
};

/** Those whose name stands somewhere in the text. */
const readNamed = async ({ db, projectId }: Tx<ProjectContext>, text: string): Promise<Mention[]> => {
	const stands = (name: SQL | typeof users.name) => sql`position(lower('@' || ${name}) in lower(${text})) > 0`;
	const [members, known] = await Promise.all([
		db
			.select({ id: users.id, name: users.name })
			.from(projectMembers)
			.innerJoin(users, eq(users.id, projectMembers.userId))
			.where(and(eq(projectMembers.projectId, projectId), stands(users.name)))
			.orderBy(users.name, users.id),
		db
			.select({ id: agents.id, name: agents.name })
			.from(agents)
			.where(and(eq(agents.projectId, projectId), stands(sql`${agents.name}`)))
			.orderBy(agents.name),
	]);
	return [
		...members.map((member) => ({ kind: "user" as const, ...member })),
		...known.map((agent) => ({ kind: "agent" as const, ...agent })),
	];
};

/** Says to whom that is new that they were mentioned; not to who wrote it, and not to agents, which are asked in another way. */
export const emitMentions = (tx: Tx<ProjectContext>, comment: CommentRow, before: readonly Mention[] = []): void => {
	const known = new Set(before.map(({ id }) => id));
	const news = comment.mentions.filter(({ kind, id }) => kind === "user" && id !== comment.writtenByUserId && !known.has(id));
	const data = { plan_id: comment.planId, node_id: comment.nodeId, comment_id: comment.id };
	emit(tx, ...news.map(({ id, name }) => ({ type: "member.mentioned" as const, subjectId: id, data: { ...data, name } })));
};
