import Markdown, { type Components } from "react-markdown";

const components: Components = {
	a: ({ href, children }) => (
		<a href={href} target="_blank" rel="noopener noreferrer nofollow">
			{children}
		</a>
	),
	// An image would tell a stranger's server who reads this and when.
	img: ({ alt }) => <span className="dim">[image not loaded{alt ? `: ${alt}` : ""}]</span>,
};

/** Text that somebody else wrote: markdown only, raw HTML dropped, unsafe addresses emptied. */
export const UntrustedMarkdown = ({ text }: { text: string }) => (
	<div className="markdown">
		<Markdown skipHtml components={components}>
			{text}
		</Markdown>
	</div>
);
