import { useQueries, type PaginatedQueryArgs, type PaginatedQueryItem, type PaginatedQueryReference, type RequestForQueries } from "convex/react";
import { getFunctionName } from "convex/server";
import { convexToJson, type Value } from "convex/values";
import { useMemo, useState } from "react";
import { readFailure } from "./errors";
import { useRetry, type QueryState } from "./useQueryState";

export type PageState<Item> = QueryState<Item[]> & {
  /** Loads the next page, or null when there is none to load now. */
  loadMore: (() => void) | null;
  loadingMore: boolean;
};

type Page<Item> = { page: Item[]; isDone: boolean; continueCursor: string };
type Reading = { key: string; id: number; cursors: (string | null)[] };

let lastReadingId = 0;
const newReading = (key: string): Reading => ({ key, id: ++lastReadingId, cursors: [null] });

/**
 * A paginated query as one live list of all pages loaded so far. Each page is a subscription of its own, whose end the
 * server keeps as it was, so that the pages stay seamless while rows come and go. Returns failures instead of throwing;
 * "skip" stays `loading`.
 */
export function usePaginatedState<Ref extends PaginatedQueryReference>(
  query: Ref,
  args: PaginatedQueryArgs<Ref> | "skip",
  pageSize = 20,
): PageState<PaginatedQueryItem<Ref>> {
  const { resting, retry } = useRetry();
  const key = `${getFunctionName(query)} ${args === "skip" ? "skip" : JSON.stringify(convexToJson(args as Value))}`;
  const [reading, setReading] = useState(() => newReading(key));
  if (reading.key !== key) setReading(newReading(key));

  const idle = args === "skip" || resting || reading.key !== key;
  const queries = useMemo((): RequestForQueries => {
    if (idle) return {};
    const page = (cursor: string | null) => ({
      query,
      args: { ...(args as Record<string, Value>), paginationOpts: { numItems: pageSize, cursor, id: reading.id } },
    });
    return Object.fromEntries(reading.cursors.map((cursor, index) => [index, page(cursor)]));
    // The query and its arguments are new objects at each render; `key`, which `reading` carries, is what they mean.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [idle, reading, pageSize]);
  const results = useQueries(queries) as Record<string, Page<PaginatedQueryItem<Ref>> | Error | undefined>;

  const pages = reading.cursors.map((_, index) => results[index]);
  const failed = pages.find((page) => page instanceof Error);
  // A cursor outlives neither its query's arguments nor a change of its index: begin again.
  if (failed && /InvalidCursor/.test(failed.message) && reading.cursors.length > 1) setReading(newReading(key));
  if (failed) return { kind: "error", failure: readFailure(failed), retry, loadMore: null, loadingMore: false };

  const loaded = pages.filter((page): page is Page<PaginatedQueryItem<Ref>> => page !== undefined && !(page instanceof Error));
  if (loaded.length === 0) return { kind: "loading", loadMore: null, loadingMore: false };
  const loadingMore = loaded.length < pages.length;
  const last = loaded.at(-1);
  const next = last && !last.isDone && !loadingMore ? last.continueCursor : null;
  return {
    kind: "ready",
    data: loaded.flatMap(({ page }) => page),
    loadMore: next === null ? null : () => setReading((before) => (before === reading ? { ...before, cursors: [...before.cursors, next] } : before)),
    loadingMore,
  };
}
