import { memo } from "react";
import Markdown, { type Components, type Options } from "react-markdown";
import remarkGfm from "remark-gfm";
import { isCheapMarkdown } from "./markdown-cost.ts";
import { markMentions } from "./mentions.ts";
import { PlainText, PlainTextBoundary } from "./plain-text-boundary.tsx";

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
	// A wide table scrolls by itself instead of widening the page.
	table: ({ children }) => (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<div className="markdown-table" tabIndex={0}>
			<table>{children}</table>
		</div>
	),
	input: ({ checked }) => <span>{checked === true ? "☑" : "☐"}</span>,
};

// One tilde means “about” to most people, not the start of struck out text.
const plugins: NonNullable<Options["remarkPlugins"]> = [[remarkGfm, { singleTilde: false }]];

type Props = {
	text: string;
	/** Whom the text mentions; these names are marked. */
	mentioned?: readonly string[];
};

const UntrustedMarkdownView = ({ text, mentioned = [] }: Props) => {
	if (!isCheapMarkdown(text)) return <PlainText text={text} />;
	return (
		<PlainTextBoundary key={text} text={text}>
			<div className="markdown">
				<Markdown skipHtml remarkPlugins={mentioned.length === 0 ? plugins : [...plugins, markMentions(mentioned)]} components={components}>
					{text}
				</Markdown>
			</div>
		</PlainTextBoundary>
	);
};

/** Text that somebody else wrote: markdown only, raw HTML dropped, unsafe addresses emptied, absurd nesting shown as it is. */
export const UntrustedMarkdown = memo(UntrustedMarkdownView);
