/** What a row has room for beside its title; the rest is said by the tip and in the panel. */
export const RowLabels = ({ labels }: { labels: readonly string[] }) =>
	labels.length > 0 && (
		<span className="tree-labels" title={`Labels: ${labels.join(", ")}`}>
			{labels.map((label) => (
				<span key={label} className="tree-label truncate">
					{label}
				</span>
			))}
		</span>
	);
