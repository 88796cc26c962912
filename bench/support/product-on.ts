import { type Product, startProduct } from "@agentplanner/e2e/product";
import type { Options } from "../options.ts";
import { startHatchet } from "./hatchet.ts";

/** The product on that engine; `hatchet` is what a client of its Hatchet needs to be told. */
export const startProductOn = async (
	engine: Options["engine"],
	own: AsyncDisposableStack,
): Promise<{ product: Product; hatchet: Record<string, string> }> => {
	if (engine === "postgres") return { product: own.use(await startProduct({ engine: { name: engine } })), hatchet: {} };
	const { databaseUrl, env } = await startHatchet(own);
	return { product: own.use(await startProduct({ engine: { name: engine }, env: { ...env, DATABASE_URL: databaseUrl } })), hatchet: env };
};
