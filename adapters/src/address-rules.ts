import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Azure's host agent: unicast by its number, private by what answers there. */
const platformAddresses = new Set(["168.63.129.16"]);

/** Ports of databases, control planes and other services that take HTTP for commands, beside the ones below 1024. */
const servicePorts = new Set([
	1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 5060, 5061, 5432, 5672, 5900, 5984, 5985, 5986, 6000, 6379, 6443, 6665, 6666,
	6667, 6668, 6669, 6697, 7001, 8500, 9042, 9092, 9200, 9300, 10250, 11211, 15672, 27017,
]);

const webPorts = new Set([80, 443]);

const unmapped = (text: string): ipaddr.IPv4 | ipaddr.IPv6 | null => (isIP(text) === 0 ? null : ipaddr.process(text));

/** Reads CIDR networks such as `10.0.0.0/8`; throws a TypeError that names the first bad one. */
export const parseNetworks = (networks: readonly string[]): Network[] =>
	networks.map((text) => {
		// Four parts for IPv4: the parser alone takes "10/8" for 0.0.0.10/8.
		if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text) && !ipaddr.IPv6.isValidCIDR(text))
			throw new TypeError(`"${text}" is not a network in CIDR notation, such as 10.0.0.0/8 or fd00::/8`);
		const [address, bits] = ipaddr.parseCIDR(text);
		const isMapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96;
		return isMapped ? [address.toIPv4Address(), bits - 96] : [address, bits];
	});

/** True for an address of the open internet: nothing private, local, reserved, tunnelled or translated. */
export const isPublicAddress = (text: string): boolean => {
	const address = unmapped(text);
	if (address?.range() !== "unicast" || platformAddresses.has(address.toString())) return false;
	// Of IPv6 only 2000::/3 is handed out; the rest of "unicast" is unassigned or deprecated, such as ::127.0.0.1.
	return address instanceof ipaddr.IPv4 || ((address.parts[0] ?? 0) & 0xe000) === 0x2000;
};

export type AddressRules = {
	/** Why this address must not be dialled on this port; null when it may. */
	refusal(address: string, port: number): string | null;
};

export type AddressOptions = {
	/** Networks that may be dialled although they are not public, on any port. */
	allowedNetworks: readonly string[];
	/** For tests: what counts as public. */
	isPublic?: ((address: string) => boolean) | undefined;
};

export const createAddressRules = ({ allowedNetworks, isPublic = isPublicAddress }: AddressOptions): AddressRules => {
	const networks = parseNetworks(allowedNetworks);
	const isAllowed = (text: string) => {
		const address = unmapped(text);
		return address !== null && networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
	};
	return {
		refusal(address, port) {
			if (isAllowed(address)) return null;
			if (!isPublic(address)) return `${address} is not a public address`;
			if (webPorts.has(port) || (port >= 1024 && !servicePorts.has(port))) return null;
			return `port ${port} is not open to requests`;
		},
	};
};
