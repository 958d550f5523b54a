import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import type { PageState } from "@/lib/live/usePaginatedState";
import type { QueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import { ErrorState, ListSkeleton, OfflineNote } from "./states";
import { Button } from "./ui/button";

type Props<Item> = {
  state: QueryState<Item[]> | PageState<Item>;
  /** Names the list for screen readers. */
  label: string;
  keyOf: (item: Item) => string | number;
  row: (item: Item) => ReactNode;
  /** Usually an `EmptyState`. */
  empty: ReactNode;
  skeleton?: ReactNode;
  className?: string;
};

/** A list in its five states, with "show more" when it has pages. */
export function DataList<Item>({ state, label, keyOf, row, empty, skeleton, className }: Props<Item>) {
  if (state.kind === "loading") return <>{skeleton ?? <ListSkeleton />}</>;
  if (state.kind === "error") return <ErrorState failure={state.failure} retry={state.retry} />;
  const loadMore = "loadMore" in state ? state.loadMore : null;
  const loadingMore = "loadMore" in state && state.loadingMore;
  if (state.data.length === 0 && !loadMore) return <>{empty}</>;
  return (
    <>
      <OfflineNote className="mb-2" />
      {/* Below a title, the last row's own space would add to the card's. */}
      <ul
        aria-label={label}
        className={cn("divide-y", !loadMore && "[:is(h2,div:has(>h2),div:has(>h2)~*)~&]:-mb-3", className)}
      >
        {state.data.map((item) => (
          <li key={keyOf(item)}>{row(item)}</li>
        ))}
      </ul>
      {(loadMore || loadingMore) && (
        <div className="mt-4 flex justify-center">
          <Button variant="secondary" size="sm" busy={loadingMore} onClick={() => loadMore?.()}>
            {loadingMore ? t("common.loading") : t("common.showMore")}
          </Button>
        </div>
      )}
    </>
  );
}
