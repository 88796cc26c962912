// A run of tests as it stands in the middle of one, for killed-run.test.ts.
import { openRunFolder } from "../../scripts/testing/run-folder.ts";
import { startProduct } from "./product.ts";

const { path } = openRunFolder();
const product = await startProduct();
const pids = Object.values(product.running().services).map(({ pid }) => pid);
process.send?.({ type: "ready", folder: path, pids });
