/** The part of a document that a script writes, between two marks: the document with what it is to be today. */
export const withWrittenPart = (document: string, name: string, begin: string, end: string, part: string): string => {
	const [before, rest] = document.split(begin);
	const after = rest?.split(end)[1];
	if (before === undefined || after === undefined) throw new Error(`${name} lacks "${begin}" or "${end}".`);
	return `${before}${begin}\n\n${part}\n\n${end}${after}`;
};
