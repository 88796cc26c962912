import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { UntrustedMarkdown } from "./markdown.tsx";

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
});
