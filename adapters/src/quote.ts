/** Marks each line as somebody else's words, as Slack and Discord read it. */
export const quote = (escaped: string): string => `> ${escaped.replaceAll("\n", "\n> ")}`;
