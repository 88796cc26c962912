import { Component, type ReactNode } from "react";

type Props = { text: string; children: ReactNode };

/** Text as it came, when what should render it better can't. */
export const PlainText = ({ text }: { text: string }) => <div className="pre">{text}</div>;

/** Keeps a text that breaks its renderer from taking the whole page with it. Mount it with the text as key. */
export class PlainTextBoundary extends Component<Props, { failed: boolean }> {
	static getDerivedStateFromError = () => ({ failed: true });
	override state = { failed: false };

	override render() {
		return this.state.failed ? <PlainText text={this.props.text} /> : this.props.children;
	}
}
