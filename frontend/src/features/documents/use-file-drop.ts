import { useEffect, useRef, useState } from "react";

const carriesFile = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") === true;

/** Takes a file that is dropped anywhere on the page, and says whether one is being dragged over it. */
export const useFileDrop = (onFile: (file: File) => void): boolean => {
	const [isDragging, setDragging] = useState(false);
	const latest = useRef(onFile);
	latest.current = onFile;
	useEffect(() => {
		const ended = new AbortController();
		const on = (type: "dragover" | "dragleave" | "drop", listener: (event: DragEvent) => void) =>
			document.addEventListener(type, listener, { signal: ended.signal });
		on("dragover", (event) => {
			if (!carriesFile(event)) return;
			event.preventDefault();
			setDragging(true);
		});
		on("dragleave", ({ relatedTarget }) => {
			if (relatedTarget === null) setDragging(false);
		});
		on("drop", (event) => {
			if (!carriesFile(event)) return;
			event.preventDefault();
			setDragging(false);
			const file = event.dataTransfer?.files[0];
			if (file !== undefined) latest.current(file);
		});
		return () => ended.abort();
	}, []);
	return isDragging;
};
