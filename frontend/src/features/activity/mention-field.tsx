import { Combobox, Textarea, useCombobox } from "@mantine/core";
import { IconRobot, IconUser } from "@tabler/icons-react";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { candidatesFor, complete, fragmentAt } from "./mention-draft.ts";
import type { Mentionable } from "./use-mentionable.ts";

type Props = {
	label: string;
	placeholder: string;
	value: string;
	people: Mentionable[];
	error: ReactNode;
	autoFocus?: boolean;
	onChange: (text: string) => void;
	/** Ctrl or ⌘ with Enter. */
	onSubmit: () => void;
	onEscape?: (() => void) | undefined;
};

/** A text in which `@` offers the names of members and agents. */
export const MentionField = ({ label, placeholder, value, people, error, autoFocus, onChange, onSubmit, onEscape }: Props) => {
	const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
	const field = useRef<HTMLTextAreaElement>(null);
	const [caret, setCaret] = useState(0);
	const moved = useRef<number | null>(null);
	const fragment = fragmentAt(value, caret);
	const offered = fragment === null ? [] : candidatesFor(fragment.typed, people);
	const offers = combobox.dropdownOpened && offered.length > 0;

	// React puts the caret at the end of a value that it was given.
	useLayoutEffect(() => {
		if (moved.current === null) return;
		field.current?.setSelectionRange(moved.current, moved.current);
		moved.current = null;
	});

	// The store marks its choice in the page itself: so the first is chosen once what is offered is drawn.
	const { dropdownOpened, selectFirstOption } = combobox;
	const offeredIds = offered.map(({ id }) => id).join();
	useEffect(() => {
		if (dropdownOpened && offeredIds !== "") selectFirstOption();
	}, [offeredIds, dropdownOpened, selectFirstOption]);

	// Open while a name is being typed, though nobody may be known yet: the people may come later than the `@`.
	const follow = (text: string, at: number) => {
		setCaret(at);
		if (fragmentAt(text, at) === null) combobox.closeDropdown();
		else combobox.openDropdown();
	};
	const choose = (id: string) => {
		const person = people.find((one) => one.id === id);
		if (fragment === null || person === undefined) return;
		const completed = complete(value, fragment, person.name);
		moved.current = completed.caret;
		setCaret(completed.caret);
		onChange(completed.text);
		combobox.closeDropdown();
	};
	return (
		<Combobox store={combobox} onOptionSubmit={choose} position="bottom-start" transitionProps={{ duration: 0 }}>
			{/* Without an offer the arrows move the caret. */}
			<Combobox.Target withKeyboardNavigation={offers}>
				<Textarea
					ref={field}
					aria-label={label}
					placeholder={placeholder}
					autosize
					minRows={2}
					maxRows={14}
					autoFocus={autoFocus === true}
					value={value}
					error={error}
					onChange={({ currentTarget }) => {
						onChange(currentTarget.value);
						follow(currentTarget.value, currentTarget.selectionStart);
					}}
					onClick={({ currentTarget }) => follow(value, currentTarget.selectionStart)}
					onBlur={() => combobox.closeDropdown()}
					onKeyDown={(event) => {
						if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) onSubmit();
						// Somebody types faster than the list is drawn.
						else if (event.key === "Enter" && offers && combobox.getSelectedOptionIndex() === -1 && offered[0]) {
							event.preventDefault();
							choose(offered[0].id);
						}
						// Not the panel around it: one Escape, one thing.
						if (event.key === "Escape" && (offers || onEscape !== undefined)) {
							event.stopPropagation();
							if (!offers) onEscape?.();
						}
					}}
				/>
			</Combobox.Target>
			<Combobox.Dropdown hidden={!offers}>
				<Combobox.Options aria-label="Whom to mention">
					{offered.map(({ id, kind, name }) => (
						<Combobox.Option key={id} value={id} className="mention-option">
							{kind === "agent" ? <IconRobot size={14} aria-hidden /> : <IconUser size={14} aria-hidden />}
							<span className="truncate">{name}</span>
							{kind === "agent" && <span className="tiny dim">agent</span>}
						</Combobox.Option>
					))}
				</Combobox.Options>
			</Combobox.Dropdown>
		</Combobox>
	);
};
