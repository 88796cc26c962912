import { describe, expect, test } from "vitest";
import { createAddressRules, isPublicAddress, networkProblem } from "./address-rules.ts";

const notPublic = [
	"0.0.0.0",
	"0.1.2.3",
	"10.0.0.1",
	"100.64.0.1",
	"127.0.0.1",
	"127.255.255.254",
	"168.63.129.16",
	"169.254.169.254",
	"172.16.0.1",
	"172.31.255.255",
	"192.0.0.1",
	"192.0.2.1",
	"192.88.99.1",
	"192.168.1.1",
	"198.18.0.1",
	"198.51.100.1",
	"203.0.113.1",
	"224.0.0.1",
	"240.0.0.1",
	"255.255.255.255",
	"::",
	"::1",
	"::127.0.0.1",
	"::ffff:127.0.0.1",
	"::ffff:7f00:1",
	"::ffff:10.0.0.1",
	"::ffff:168.63.129.16",
	"::ffff:0:127.0.0.1",
	"64:ff9b::7f00:1",
	"64:ff9b:1::1",
	"100::1",
	"2001::1",
	"2001:2::1",
	"2001:db8::1",
	"2001:10::1",
	"2001:20::1",
	"2002:7f00:1::",
	"3fff::1",
	"4000::1",
	"5f00::1",
	"fc00::1",
	"fd00:ec2::254",
	"fe80::1",
	"fe80::1%lo",
	"fec0::1",
	"ff02::1",
	"not an address",
	"127.1",
	"2130706433",
	"",
];

const isOpen = [
	"1.1.1.1",
	"8.8.8.8",
	"93.184.216.34",
	"172.32.0.1",
	"100.128.0.1",
	"2606:4700:4700::1111",
	"2a00:1450::1",
	"::ffff:8.8.8.8",
];

describe("public addresses", () => {
	test.each(notPublic)("%s is not public", (address) => expect(isPublicAddress(address)).toBe(false));
	test.each(isOpen)("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));
});

describe("rules", () => {
	const rules = createAddressRules({ allowedNetworks: ["10.1.0.0/16", "fd12::/16", "::ffff:192.168.7.0/120"] });

	test.each([80, 443, 8443, 8080, 1024, 5678, 65535])("a public address may be called on port %i", (port) =>
		expect(rules.refusal("8.8.8.8", port)).toBeNull(),
	);
	test.each([0, 21, 22, 25, 53, 445, 1023, 2375, 3306, 5432, 6379, 9200, 11211, 27017])("a public address is refused on port %i", (port) =>
		expect(rules.refusal("8.8.8.8", port)).toMatch(`port ${port}`),
	);
	test.each(["10.1.2.3", "::ffff:10.1.2.3", "fd12::7", "192.168.7.9"])("%s is allowed, on the ports of a public address", (address) => {
		for (const port of [80, 443, 1024, 4101, 8080]) expect(rules.refusal(address, port)).toBeNull();
		for (const port of [22, 2375, 5432, 6379, 6443]) expect(rules.refusal(address, port)).toMatch(`port ${port}`);
	});
	test.each(["10.2.0.1", "fd13::1", "192.168.8.1", "127.0.0.1"])("%s is outside of the allowed networks", (address) =>
		expect(rules.refusal(address, 443)).toMatch("not a public address"),
	);
	test.each(["10/8", "10.0.0.0", "10.0.0.0/33", "fd00::/129", "host", "", "127.1/32", "::/x"])("%j is no network", (network) =>
		expect(networkProblem(network)).toMatch(`"${network}" is not a network`),
	);
	test.each(["10.0.0.0/8", "172.31.0.0/16", "100.64.0.0/10", "127.0.0.1/32", "::1/128", "fd00::/8", "::ffff:10.0.0.0/104"])(
		"%s may be allowed",
		(network) => expect(networkProblem(network)).toBeNull(),
	);
	test.each([
		"0.0.0.0/0",
		"::/0",
		"10.0.0.0/7",
		"172.0.0.0/8",
		"169.254.0.0/16",
		"fe80::/10",
		"8.8.8.0/24",
		"::ffff:0:0/90",
		"64:ff9b::/96",
	])("%s can't be allowed, and opens nothing where it is", (network) => {
		expect(networkProblem(network)).toMatch("is not inside a private network");
		const open = createAddressRules({ allowedNetworks: [network] });
		for (const address of ["127.0.0.1", "10.0.0.1", "169.254.169.254", "fe80::1", "::1", "64:ff9b::7f00:1"])
			if (!isPublicAddress(address)) expect(open.refusal(address, 80)).not.toBeNull();
	});
	test.each(["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "168.63.129.16"])(
		"%s is refused whatever is allowed",
		(address) => {
			const allowedNetworks = ["0.0.0.0/0", "::/0", "100.64.0.0/10", "fc00::/7", "169.254.0.0/16"];
			expect(createAddressRules({ allowedNetworks }).refusal(address, 80)).toMatch("not a public address");
		},
	);
});
