import { invitationPath } from "@agentplanner/contracts";

/** Where an invited person goes. The token stands behind #, which no server and no log sees. */
export const invitationLink = (origin: string, token: string): string => `${origin}${invitationPath}#${encodeURIComponent(token)}`;
