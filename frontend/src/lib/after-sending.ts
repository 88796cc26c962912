/** What stays in a field whose content was sent: whatever was typed meanwhile. */
export const afterSending = (current: string, sent: string): string => (current === sent ? "" : current);
