import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Ports of databases, control planes and other services that take HTTP for commands, beside the ones below 1024. */
const servicePorts = new Set([
	1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 5060, 5061, 5432, 5672, 5900, 5984, 5985, 5986, 6000, 6379, 6443, 6665, 6666,
	6667, 6668, 6669, 6697, 7001, 8500, 9042, 9092, 9200, 9300, 10250, 11211, 15672, 27017,
]);

const webPorts = new Set([80, 443]);

const unmapped = (text: string): ipaddr.IPv4 | ipaddr.IPv6 | null => (isIP(text) === 0 ? null : ipaddr.process(text));

const parseNetwork = (text: string): Network | null => {
	// Four parts for IPv4: the parser alone takes "10/8" for 0.0.0.10/8.
	if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text) && !ipaddr.IPv6.isValidCIDR(text)) return null;
	const [address, bits] = ipaddr.parseCIDR(text);
	const isMapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96;
	return isMapped ? [address.toIPv4Address(), bits - 96] : [address, bits];
};

const networksOf = (texts: readonly string[]): Network[] => texts.map(parseNetwork).filter((network) => network !== null);

const includes = ([network, bits]: Network, address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
	network.kind() === address.kind() && address.match(network, bits);

/** What can be opened at all: private, carrier-grade NAT and loopback addresses. */
const openableNetworks = networksOf([
	"10.0.0.0/8",
	"172.16.0.0/12",
	"192.168.0.0/16",
	"100.64.0.0/10",
	"127.0.0.0/8",
	"fc00::/7",
	"::1/128",
]);

/** Where clouds and host agents hand out credentials to whoever asks: dialled never, whatever is allowed. */
const closedNetworks = networksOf([
	"169.254.0.0/16",
	"fe80::/10",
	"fd00:ec2::/32",
	"fd20:ce::/32",
	"100.100.100.200/32",
	"168.63.129.16/32",
]);

/** Why this can't be an allowed network; null where it can. */
export const networkProblem = (text: string): string | null => {
	const network = parseNetwork(text);
	if (!network) return `"${text}" is not a network in CIDR notation, such as 10.0.0.0/8 or fd00::/8`;
	const [address, bits] = network;
	if (openableNetworks.some((openable) => bits >= openable[1] && includes(openable, address))) return null;
	return `"${text}" is not inside a private network: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 127.0.0.0/8, fc00::/7 or ::1/128`;
};

const isClosed = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean => closedNetworks.some((network) => includes(network, address));

/** True for an address of the open internet: nothing private, local, reserved, tunnelled or translated. */
export const isPublicAddress = (text: string): boolean => {
	const address = unmapped(text);
	if (address?.range() !== "unicast" || isClosed(address)) return false;
	// Of IPv6 only 2000::/3 is handed out; the rest of "unicast" is unassigned or deprecated, such as ::127.0.0.1.
	return address instanceof ipaddr.IPv4 || ((address.parts[0] ?? 0) & 0xe000) === 0x2000;
};

export type AddressRules = {
	/** Why this address must not be dialled on this port; null when it may. */
	refusal(address: string, port: number): string | null;
};

export type AddressOptions = {
	/** Networks that may be dialled although they are not public. What `networkProblem` objects to opens nothing. */
	allowedNetworks: readonly string[];
	/** For tests: what counts as public. */
	isPublic?: ((address: string) => boolean) | undefined;
};

export const createAddressRules = ({ allowedNetworks, isPublic = isPublicAddress }: AddressOptions): AddressRules => {
	const networks = networksOf(allowedNetworks.filter((network) => networkProblem(network) === null));
	const isAllowed = (text: string) => {
		const address = unmapped(text);
		return address !== null && !isClosed(address) && networks.some((network) => includes(network, address));
	};
	return {
		refusal(address, port) {
			if (!isAllowed(address) && !isPublic(address)) return `${address} is not a public address`;
			if (webPorts.has(port) || (port >= 1024 && !servicePorts.has(port))) return null;
			return `port ${port} is not open to requests`;
		},
	};
};
