import type { Exchange } from "@agentplanner/contracts";

const pretty = (body: string): string => {
	try {
		return JSON.stringify(JSON.parse(body), null, 2);
	} catch {
		return body;
	}
};

const lines = (headers: Record<string, string>) =>
	Object.entries(headers)
		.map(([name, value]) => `${name}: ${value}`)
		.join("\n");

/** What went over the wire, as text. The server masks secrets before it stores it. */
export const ExchangeView = ({ exchange: { request, response } }: { exchange: Exchange }) => (
	<details className="exchange">
		<summary>
			Request and response
			{response !== undefined && <span className="num"> · HTTP {response.status}</span>}
		</summary>
		{request !== undefined && (
			<>
				<h3>
					Sent: {request.method} {request.url}
				</h3>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
				<pre tabIndex={0}>
					{[lines(request.headers), request.body === null ? `(The ${request.bytes} bytes of “What was sent”)` : pretty(request.body)]
						.filter((part) => part !== "")
						.join("\n\n")}
				</pre>
			</>
		)}
		{response === undefined ? (
			<h3>No response came.</h3>
		) : (
			<>
				<h3>
					Received: HTTP {response.status}
					{response.truncated && ", cut at 64 KiB"}
				</h3>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
				<pre tabIndex={0}>{[lines(response.headers), pretty(response.body)].filter((part) => part !== "").join("\n\n")}</pre>
			</>
		)}
	</details>
);
