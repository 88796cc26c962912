/** Says at once what is missing, instead of passing without having tested anything. */
export default () => {
	const { HATCHET_CLIENT_TOKEN: token, HATCHET_CLIENT_EMBEDDED_BINARY_PATH: binaryPath } = process.env;
	if (token || binaryPath) return;
	throw new Error(
		"These tests need a Hatchet: set HATCHET_CLIENT_TOKEN (and HATCHET_CLIENT_HOST_PORT, HATCHET_CLIENT_TLS_STRATEGY if it has no TLS), or HATCHET_CLIENT_EMBEDDED_BINARY_PATH to a hatchet-embedded sidecar.",
	);
};
