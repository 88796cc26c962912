import type { ReactNode } from "react";
import "./rows.css";

type Props = { id: string; title: string; about: ReactNode; action?: ReactNode; children: ReactNode };

/** A part of a page with its heading, a sentence on it, and the one thing to begin there. */
export const Section = ({ id, title, about, action, children }: Props) => (
	<section className="column" aria-labelledby={id}>
		<div className="section-bar">
			<div>
				<h2 className="section-heading" id={id}>
					{title}
				</h2>
				<p className="small dim">{about}</p>
			</div>
			{action}
		</div>
		{children}
	</section>
);
