const shortcuts: [keys: string[], meaning: string][] = [
	[["↑", "↓"], "Go"],
	[["Enter"], "Open"],
	[["F2"], "Rename"],
	[["N"], "Add"],
	[["Shift N"], "Add below"],
	[["A"], "Ask"],
	[["Alt ↑", "↓", "←", "→"], "Move"],
	[["M"], "More"],
];

export const TreeLegend = () => (
	<ul className="tree-keys tiny dim" aria-label="Keys">
		{shortcuts.map(([keys, meaning]) => (
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
