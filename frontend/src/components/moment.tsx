import { formatElapsed, formatMoment, formatRelative } from "../time/format.ts";
import { useNow } from "../time/use-now.ts";

/** How long ago or ahead, with the exact moment on hover. */
export const Moment = ({ at }: { at: string }) => {
	const now = useNow();
	return (
		<time className="num" dateTime={at} title={formatMoment(at)}>
			{formatRelative(Date.parse(at), now)}
		</time>
	);
};

/** Time since the start: ticks until there is an end. */
export const Elapsed = ({ from, to }: { from: string; to: string | null }) => {
	const now = useNow(to === null);
	const end = to === null ? now : Date.parse(to);
	return (
		<span className="num" title={`since ${formatMoment(from)}`}>
			{formatElapsed(end - Date.parse(from))}
		</span>
	);
};
