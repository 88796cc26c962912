const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Well-formed, for an address where nobody listens. */
export const unsignedToken = [
	part({ alg: "none" }),
	part({ sub: "707d0855-80ab-4e1f-a156-f1c4546cbf52", server_url: "http://127.0.0.1:1", grpc_broadcast_address: "127.0.0.1:1" }),
	"signature",
].join(".");
