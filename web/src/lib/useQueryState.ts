import {
  usePaginatedQuery_experimental as usePaginated,
  useQueries,
  type PaginatedQueryArgs,
  type PaginatedQueryItem,
  type PaginatedQueryReference,
  type RequestForQueries,
} from "convex/react";
import { getFunctionName, type FunctionReference, type FunctionReturnType } from "convex/server";
import { convexToJson, type Value } from "convex/values";
import { useCallback, useEffect, useMemo, useState } from "react";
import { readFailure, type Failure } from "./errors";

/** The states of a live read. While offline, `ready` holds the last known value; `useOnline` says so. */
export type QueryState<Data> =
  | { kind: "loading" }
  | { kind: "ready"; data: Data }
  | { kind: "error"; failure: Failure; retry: () => void };

/**
 * Subscribes to a query and returns its state instead of throwing, so that every card can show what went wrong and try
 * again. "skip" stays `loading`.
 */
export function useQueryState<Ref extends FunctionReference<"query">>(query: Ref, args: Ref["_args"] | "skip"): QueryState<FunctionReturnType<Ref>> {
  const { resting, retry } = useRetry();
  const name = getFunctionName(query);
  const argsKey = args === "skip" ? null : JSON.stringify(convexToJson(args as Value));
  const queries = useMemo(
    (): RequestForQueries => (argsKey === null || resting ? {} : { it: { query, args: args as Record<string, Value> } }),
    // The query and its arguments are new objects at each render; their name and JSON text are what they mean.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [name, argsKey, resting],
  );
  const result: unknown = useQueries(queries).it;
  if (result instanceof Error) return { kind: "error", failure: readFailure(result), retry };
  if (result === undefined) return { kind: "loading" };
  return { kind: "ready", data: result as FunctionReturnType<Ref> };
}

export type PageState<Item> = QueryState<Item[]> & {
  /** Loads the next page, or null when there is none to load now. */
  loadMore: (() => void) | null;
  loadingMore: boolean;
};

/** As `useQueryState` for a paginated query: all pages loaded so far as one live list. */
export function usePaginatedState<Ref extends PaginatedQueryReference>(
  query: Ref,
  args: PaginatedQueryArgs<Ref> | "skip",
  pageSize = 20,
): PageState<PaginatedQueryItem<Ref>> {
  const { resting, retry } = useRetry();
  const pages = usePaginated({ query, args: resting ? "skip" : args, initialNumItems: pageSize }) as {
    status: "pending" | "success" | "error";
    data: PaginatedQueryItem<Ref>[] | undefined;
    error?: Error;
    canLoadMore: boolean;
    loadMore: (count: number) => void;
  };
  const { status, loadMore } = pages;
  const more = useCallback(() => loadMore(pageSize), [loadMore, pageSize]);
  const loaded = pages.data ?? [];
  if (status === "error")
    return { kind: "error", failure: readFailure(pages.error), retry, loadMore: null, loadingMore: false };
  if (status === "pending" && loaded.length === 0) return { kind: "loading", loadMore: null, loadingMore: false };
  return { kind: "ready", data: loaded, loadMore: pages.canLoadMore ? more : null, loadingMore: status === "pending" };
}

/** Trying again means letting go of the subscription for a moment, so that the server runs the query anew. */
function useRetry() {
  const [resting, setResting] = useState(false);
  useEffect(() => {
    if (!resting) return;
    const timer = setTimeout(() => setResting(false), 50);
    return () => clearTimeout(timer);
  }, [resting]);
  return { resting, retry: useCallback(() => setResting(true), []) };
}
