import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { UntrustedMarkdown } from "./markdown.tsx";
import { PlainTextBoundary } from "./plain-text-boundary.tsx";

const render = (text: string) => renderToStaticMarkup(<UntrustedMarkdown text={text} />);

describe("untrusted markdown", () => {
	it("renders markdown", () => {
		expect(render("**yes**, `code`")).toContain("<strong>yes</strong>");
	});

	it("drops raw html, block and inline", () => {
		const html = render(
			'<script>alert(1)</script>\n\nhello <img src=x onerror="alert(1)"> <b>bold</b>\n\n<iframe src="https://evil.example"></iframe>',
		);
		expect(html).not.toMatch(/<script|<img|<iframe|<b>|onerror/);
		expect(html).toContain("hello");
	});

	it("empties addresses that run code", () => {
		const html = render("[a](javascript:alert(1)) [b](data:text/html,x) [c](vbscript:x) [d](JaVaScRiPt:alert(1))");
		expect(html).not.toMatch(/javascript:|data:|vbscript:|<a/i);
		expect(html).toContain("<span>a</span>");
	});

	it("opens links apart from this page and passes nothing on", () => {
		const html = render("[docs](https://example.com)");
		expect(html).toContain('rel="noopener noreferrer nofollow"');
		expect(html).toContain('target="_blank"');
	});

	it("loads no image", () => {
		const html = render("![secret chart](https://tracker.example/pixel.png)");
		expect(html).not.toContain("tracker.example");
		expect(html).toContain("image not loaded: secret chart");
	});

	it("renders tables, and what is in them like everything else", () => {
		const html = render("| Step | State |\n| :-- | --: |\n| a <b>x</b> | [b](javascript:alert(1)) |\n\n- [x] done\n- [ ] about ~5 or ~6");
		expect(html).toContain('<th style="text-align:right">State</th>');
		expect(html).not.toMatch(/<b>|javascript:|<input|<del/);
		expect(html).toContain("☑");
	});

	const times = (text: string, count: number) => text.repeat(count);
	const nested: Record<string, string> = {
		"lists in one line": times("- ", 1_000),
		"numbered lists in one line": times("1. ", 1_000),
		"quotes in one line": times(">", 50_000),
		"lists line by line": Array.from({ length: 300 }, (_, level) => `${times("  ", level)}- a`).join("\n"),
		"shallow lists over and over": times(`${times("- ", 10)}a\n`, 2_400),
		"emphasis in emphasis": times("*a ", 5_000) + times("a* ", 5_000),
		"emphasis that crosses": times("*a_b", 12_000),
		"images in images": times("![", 9_000) + times("](b)", 9_000),
		"a table whose rows are filled up": `${times("|a", 300)}|\n${times("|-", 300)}|\n${times("|\n", 20_000)}`,
		"such a table in a quote": `> ${times("|a", 300)}|\n> ${times("|-", 300)}|\n${times("> |\n", 20_000)}`,
		"struck out in struck out": times("~~a", 15_000) + times("a~~", 15_000),
		"footnotes without end": Array.from({ length: 5_000 }, (_, number) => `a[^${number}]\n\n[^${number}]: x\n\n`).join(""),
		"tables in tables": times("|a|b|\n|-|-|\n", 4_000),
	};
	for (const [name, text] of Object.entries(nested)) {
		it(`shows ${name} as plain text, at once`, () => {
			const start = performance.now();
			expect(render(text)).toMatch(/^<div class="pre">/);
			expect(performance.now() - start).toBeLessThan(1_000);
		});
	}

	it("still renders what people write: nested lists, quotes, many items", () => {
		const list = Array.from({ length: 8 }, (_, level) => `${times("  ", level)}- **level** \`${level}\` of [it](https://a.example)`).join(
			"\n",
		);
		const items = Array.from({ length: 400 }, (_, index) => `${index + 1}. some_name and *that*`).join("\n");
		for (const text of [list, items, "> > > said\n\n---\n\n* * *\n\nand\tso on"]) expect(render(text)).toMatch(/^<div class="markdown">/);
	});

	it("falls back to the text when rendering fails", () => {
		expect(PlainTextBoundary.getDerivedStateFromError()).toEqual({ failed: true });
		const boundary = new PlainTextBoundary({ text: "- as it came", children: null });
		boundary.state = { failed: true };
		expect(renderToStaticMarkup(boundary.render())).toBe('<div class="pre">- as it came</div>');
	});
});
