import { Button } from "@mantine/core";
import { ErrorNotice } from "./notice.tsx";

type Paged = {
	hasNextPage: boolean;
	isFetchingNextPage: boolean;
	isFetchNextPageError: boolean;
	error: Error | null;
	fetchNextPage: () => unknown;
};

/** The way to the next page of a list, and why it could not be read. */
export const LoadMore = ({ query, label }: { query: Paged; label: string }) => (
	<>
		{query.isFetchNextPageError && <ErrorNotice error={query.error} />}
		{query.hasNextPage && (
			<Button
				variant="default"
				loading={query.isFetchingNextPage}
				onClick={() => void query.fetchNextPage()}
				style={{ alignSelf: "start" }}
			>
				{label}
			</Button>
		)}
	</>
);
