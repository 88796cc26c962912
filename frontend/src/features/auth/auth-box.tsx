import type { ReactNode } from "react";
import "./auth-box.css";

/** The one box of a page for people who are not signed in yet. */
export const AuthBox = ({ title, children }: { title: string; children: ReactNode }) => (
	<main className="auth-page">
		<title>{`${title} · AgentPlanner`}</title>
		<div className="auth-box">
			<div className="auth-brand">
				<img src="/favicon.svg" alt="" width={32} height={32} />
				<span>AgentPlanner</span>
			</div>
			{children}
		</div>
	</main>
);
