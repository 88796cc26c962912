import type { Role } from "@agentplanner/contracts";

export const roleWords: Record<Role, { label: string; may: string }> = {
	owner: { label: "Owner", may: "everything, and make others owners" },
	admin: { label: "Admin", may: "integrations, members and everybody's tokens" },
	editor: { label: "Editor", may: "plans, and asking agents" },
	viewer: { label: "Viewer", may: "reading" },
	guest: { label: "Guest", may: "the plans that are shared with them" },
};
