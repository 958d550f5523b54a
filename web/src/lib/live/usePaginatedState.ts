import {
  useQueries,
  type PaginatedQueryArgs,
  type PaginatedQueryItem,
  type PaginatedQueryReference,
  type RequestForQueries,
} from "convex/react";
import { getFunctionName } from "convex/server";
import { convexToJson, type Value } from "convex/values";
import { useMemo, useState } from "react";
import { readFailure } from "../errors";
import { useRetry, type QueryState } from "./useQueryState";

export type PageState<Item> = QueryState<Item[]> & {
  /** Loads the next page, or null when there is none to load now. */
  loadMore: (() => void) | null;
  loadingMore: boolean;
};

type Result<Item> = { page: Item[]; isDone: boolean; continueCursor: string };
/**
 * `endCursor` is set once a further page begins there. `shown` is what the page held then, until that range has loaded.
 */
type Page<Item> = { cursor: string | null; endCursor: string | null; shown: Result<Item> | null };
type Reading<Item> = { key: string; id: number; pages: Page<Item>[] };

let lastReadingId = 0;
const newReading = <Item>(key: string): Reading<Item> => ({
  key,
  id: ++lastReadingId,
  pages: [{ cursor: null, endCursor: null, shown: null }],
});

/**
 * A paginated query as one live list of all pages loaded so far. Every page but the last is read up to the start of the
 * next, so that no row is missed or doubled while rows come and go. Returns failures instead of throwing; "skip" stays
 * `loading`.
 */
export function usePaginatedState<Ref extends PaginatedQueryReference>(
  query: Ref,
  args: PaginatedQueryArgs<Ref> | "skip",
  pageSize = 20,
): PageState<PaginatedQueryItem<Ref>> {
  type Item = PaginatedQueryItem<Ref>;
  const { resting, retry } = useRetry();
  const key = `${getFunctionName(query)} ${args === "skip" ? "skip" : JSON.stringify(convexToJson(args as Value))}`;
  const [reading, setReading] = useState(() => newReading<Item>(key));
  if (reading.key !== key) setReading(newReading<Item>(key));

  const idle = args === "skip" || resting || reading.key !== key;
  const queries = useMemo((): RequestForQueries => {
    if (idle) return {};
    const request = ({ cursor, endCursor }: Page<Item>) => ({
      query,
      args: {
        ...(args as Record<string, Value>),
        paginationOpts: { numItems: pageSize, cursor, id: reading.id, ...(endCursor !== null && { endCursor }) },
      },
    });
    return Object.fromEntries(reading.pages.map((page, index) => [index, request(page)]));
    // The query and its arguments are new objects at each render; `key`, which `reading` carries, is what they mean.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [idle, reading, pageSize]);
  const results = useQueries(queries) as Record<string, Result<Item> | Error | undefined>;

  const answers = reading.pages.map((_, index) => results[index]);
  const failed = answers.find((answer) => answer instanceof Error);
  // A cursor is valid only for its query's arguments and its index. After a change of either, begin again.
  if (failed && /InvalidCursor/.test(failed.message) && reading.pages.length > 1) setReading(newReading<Item>(key));
  if (failed) return { kind: "error", failure: readFailure(failed), retry, loadMore: null, loadingMore: false };

  const loaded = idle
    ? []
    : answers.map((answer, index) => (answer as Result<Item> | undefined) ?? reading.pages[index]?.shown ?? null);
  const held = loaded.filter((result) => result !== null);
  const last = loaded.at(-1);
  if (held.length === 0) return { kind: "loading", loadMore: null, loadingMore: false };
  const next = last && !last.isDone ? last.continueCursor : null;
  const loadMore = () =>
    setReading((before) => {
      if (before !== reading || next === null) return before;
      const ended = before.pages.map((page, index) => ({
        ...page,
        endCursor: page.endCursor ?? next,
        shown: loaded[index] ?? null,
      }));
      return { ...before, pages: [...ended, { cursor: next, endCursor: null, shown: null }] };
    });
  return {
    kind: "ready",
    data: held.flatMap(({ page }) => page),
    loadMore: next === null ? null : loadMore,
    loadingMore: last === null,
  };
}
