import Markdown, { type Components } from "react-markdown";

const components: Components = {
	// An address that was unsafe arrives here empty: then it is only text.
	a: ({ href, children }) =>
		href ? (
			<a href={href} target="_blank" rel="noopener noreferrer nofollow">
				{children}
			</a>
		) : (
			<span>{children}</span>
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
