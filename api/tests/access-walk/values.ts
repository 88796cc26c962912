import { randomUUID } from "node:crypto";

export const password = "correct horse battery";
export const email = () => `walk-${randomUUID()}@example.org`;
