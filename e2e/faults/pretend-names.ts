// Preloaded into the product's processes: names under .test that lead where an attacker's would, without a DNS server.
import dns from "node:dns/promises";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname } from "node:path";

const program = basename(dirname(dirname(process.argv[1] ?? "")));
const at = (...addresses: string[]) => addresses.map((address) => ({ address, family: 4 }));
let flips = 0;

const answers: Record<string, () => unknown> = {
	"unknown.test": () => {
		throw Object.assign(new Error("getaddrinfo ENOTFOUND unknown.test"), { code: "ENOTFOUND" });
	},
	"silent.test": () => new Promise(() => {}),
	// 127.0.0.2 stands for an address that may be dialled, 127.0.0.1 for one that may not.
	"mixed.test": () => at("127.0.0.2", "127.0.0.1"),
	"rebinding.test": () => at(program === "worker" ? "127.0.0.1" : "127.0.0.2"),
	"flipping.test": () => at(program === "worker" && flips++ % 2 === 1 ? "127.0.0.1" : "127.0.0.2"),
};

const lookup = dns.lookup as (hostname: string, options: object) => Promise<unknown>;
const pretend = async (hostname: string, options: object) => answers[hostname]?.() ?? lookup(hostname, options);
Object.assign(dns, { lookup: pretend });
syncBuiltinESMExports();
