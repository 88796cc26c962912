import type { Role } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { membersQuery } from "./members.ts";
import { useMay } from "./rights.ts";
import { collaboratorsQuery } from "./sharing.ts";

export type Person = { id: string; name: string; email: string | null; role: Role };

const none: Person[] = [];

/** The project's members; for a guest, who doesn't see them, whose plan it is and with whom it is shared. Nobody while they are read. */
export const usePeople = (projectId: string, planId?: string): Person[] => {
	const seesMembers = useMay(projectId)("members:read");
	const read = { select: ({ items }: { items: (Omit<Person, "id"> & { user_id: string })[] }) => items.map(toPerson) };
	const members = useQuery({ ...membersQuery(projectId), ...read, enabled: seesMembers });
	const sharers = useQuery({ ...collaboratorsQuery(projectId, planId ?? ""), ...read, enabled: !seesMembers && planId !== undefined });
	return (seesMembers ? members.data : sharers.data) ?? none;
};

const toPerson = ({ user_id, name, email, role }: Omit<Person, "id"> & { user_id: string }): Person => ({ id: user_id, name, email, role });

/** How to tell people of one name apart, as far as one may see it. */
export const labelOf = ({ name, email }: Person): string => (email === null ? name : `${name} (${email})`);
