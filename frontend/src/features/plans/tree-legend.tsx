type Shortcut = [keys: string[], meaning: string];

const reading: Shortcut[] = [
	[["↑", "↓"], "Go"],
	[["Enter"], "Open"],
];
const editing: Shortcut[] = [
	[["F2"], "Rename"],
	[["N"], "Add"],
	[["Shift N"], "Add below"],
	[["A"], "Ask"],
	[["Alt ↑", "↓", "←", "→"], "Move"],
	[["X"], "Select"],
	[["Ctrl Z"], "Undo"],
	[["M"], "More"],
];

export const TreeLegend = ({ mayWrite }: { mayWrite: boolean }) => (
	<ul className="tree-keys tiny dim" aria-label="Keys">
		{[...reading, ...(mayWrite ? editing : [])].map(([keys, meaning]) => (
			<li key={meaning}>
				{keys.map((key) => (
					<span key={key} className="kbd">
						{key}
					</span>
				))}
				{meaning}
			</li>
		))}
	</ul>
);
