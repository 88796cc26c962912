import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import type { ComponentProps } from "react";
import { Toast } from "../../components/toast.tsx";
import { ChoiceBar } from "./choice-bar.tsx";
import type { News } from "./use-undo.ts";
import "./tree-dock.css";

type Props = {
	news: News | null;
	undoing: boolean;
	onUndo: () => void;
	onCloseNews: () => void;
	/** For those who don't see it; news that can be undone are in it already. */
	announcement: string;
	/** Given while something is chosen. */
	choice: ComponentProps<typeof ChoiceBar> | undefined;
};

/** What stays in sight below the tree: the last change, and what can be done with what is chosen. */
export const TreeDock = ({ news, undoing, onUndo, onCloseNews, announcement, choice }: Props) => (
	<div className="tree-dock">
		{news !== null && (
			<Toast
				key={news.key}
				label="Last change"
				busy={undoing}
				refused={news.tone === "refused"}
				announced
				onClose={onCloseNews}
				action={
					news.undoable && (
						<Button variant="subtle" loading={undoing} leftSection={<IconArrowBackUp size={15} />} onClick={onUndo}>
							Undo
						</Button>
					)
				}
			>
				{news.said}
			</Toast>
		)}
		{choice !== undefined && <ChoiceBar {...choice} />}
		<p role="status" className="visually-hidden">
			{news?.tone === "done" && !news.undoable ? news.said : announcement}
		</p>
	</div>
);
