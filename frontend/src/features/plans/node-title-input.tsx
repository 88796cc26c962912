import { type KeyboardEvent, useEffect, useRef } from "react";

type Props = {
	label: string;
	value: string;
	placeholder?: string;
	invalid?: boolean;
	onChange: (value: string) => void;
	onEnter: () => void;
	onEscape: () => void;
	onLeave: () => void;
};

/** The one-line input inside the tree; it takes the focus and keeps its keys from the tree. */
export const NodeTitleInput = ({ label, value, placeholder, invalid, onChange, onEnter, onEscape, onLeave }: Props) => {
	const input = useRef<HTMLInputElement>(null);
	useEffect(() => {
		input.current?.focus();
		input.current?.select();
	}, []);
	const onKeyDown = (event: KeyboardEvent) => {
		event.stopPropagation();
		if (event.nativeEvent.isComposing) return;
		if (event.key === "Enter") onEnter();
		if (event.key === "Escape") onEscape();
	};
	return (
		<input
			ref={input}
			className="tree-input"
			aria-label={label}
			aria-invalid={invalid === true}
			placeholder={placeholder}
			value={value}
			onChange={(event) => onChange(event.currentTarget.value)}
			onKeyDown={onKeyDown}
			onBlur={onLeave}
			onClick={(event) => event.stopPropagation()}
			onDoubleClick={(event) => event.stopPropagation()}
		/>
	);
};
