import { getTableColumns, messageDeliveries } from "@agentplanner/db";

const { payload: _, ...withoutPayload } = getTableColumns(messageDeliveries);

/** All but what was sent: that may be large, and only who shows or sends it needs it. */
export const deliveryColumns = withoutPayload;

export type DeliveryRow = Omit<typeof messageDeliveries.$inferSelect, "payload">;
