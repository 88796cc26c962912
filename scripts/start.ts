// The whole product in one terminal: database, migrations, demo, echo agent, api and worker, watched and stopped in order.

import { readOptions, usage } from "./start/options.ts";
import { runProduct } from "./start/product.ts";
import { StartError } from "./start/start-error.ts";

try {
	const options = readOptions(process.argv.slice(2), process.env);
	if (options.help) console.log(usage);
	else await runProduct(options, process.env);
} catch (error) {
	if (!(error instanceof StartError)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
