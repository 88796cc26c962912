// The whole product in one terminal: database, migrations, demo, echo agent, api and worker, watched and stopped in order.

import { enableCompileCache } from "node:module";
import { compileCache } from "./start/node-settings.ts";
import { readOptions, usage } from "./start/options.ts";
import { StartError } from "./start/start-error.ts";

try {
	const options = readOptions(process.argv.slice(2), process.env);
	if (options.help) console.log(usage);
	else {
		enableCompileCache(process.env.NODE_COMPILE_CACHE || compileCache);
		// Loaded late: a mistyped option is answered at once.
		const { runProduct } = await import("./start/product.ts");
		await runProduct(options, process.env);
	}
} catch (error) {
	if (!(error instanceof StartError)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
