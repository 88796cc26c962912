import { describe, expect, test } from "vitest";
import { createAddressRules, isPublicAddress, parseNetworks } from "./address-rules.ts";

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
	test.each(["10.1.2.3", "::ffff:10.1.2.3", "fd12::7", "192.168.7.9"])("%s is allowed, on any port", (address) => {
		expect(rules.refusal(address, 443)).toBeNull();
		expect(rules.refusal(address, 22)).toBeNull();
	});
	test.each(["10.2.0.1", "fd13::1", "192.168.8.1", "127.0.0.1"])("%s is outside of the allowed networks", (address) =>
		expect(rules.refusal(address, 443)).toMatch("not a public address"),
	);
	test.each(["10/8", "10.0.0.0", "10.0.0.0/33", "fd00::/129", "host", "", "127.1/32", "::/x"])("%j is no network", (network) =>
		expect(() => parseNetworks([network])).toThrow(`"${network}" is not a network`),
	);
	test("an allowed range of mapped addresses above /96 opens no IPv4", () => {
		expect(createAddressRules({ allowedNetworks: ["::ffff:0:0/90"] }).refusal("127.0.0.1", 80)).not.toBeNull();
	});
});
