export const showSetting = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
