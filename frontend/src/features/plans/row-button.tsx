import type { ComponentProps, ComponentType } from "react";

type Props = ComponentProps<"button"> & { label: string; icon: ComponentType<{ size?: number }> };

/** A small button in a row of the tree: a plain one, since there may be thousands. Its row has the focus, so it takes none. */
export const RowButton = ({ label, icon: Icon, className = "", onClick, ...rest }: Props) => (
	<button
		{...rest}
		type="button"
		className={`row-button ${className}`}
		tabIndex={-1}
		aria-label={label}
		onClick={(event) => {
			event.stopPropagation();
			onClick?.(event);
		}}
		onDoubleClick={(event) => event.stopPropagation()}
	>
		<Icon size={15} aria-hidden />
	</button>
);
