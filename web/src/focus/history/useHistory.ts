import { useAction } from "convex/react";
import { useEffect, useState } from "react";
import { api } from "@/lib/api";
import { readFailure, type Failure } from "@/lib/errors";
import { usePaginatedState, type PageState } from "@/lib/live/usePaginatedState";
import type { EndedSession } from "../api";

type Older = {
  goalId: string;
  items: EndedSession[];
  pages: number;
  cursor: string | null;
  done: boolean;
  failure: Failure | null;
};

const nothingOf = (goalId: string): Older => ({
  goalId,
  items: [],
  pages: 0,
  cursor: null,
  done: false,
  failure: null,
});

const PAGE_SIZE = 20;
const ARCHIVE_PAGE_SIZE = 50;

/**
 * All ended sessions of a goal, newest first: recent ones by subscription, then those that have moved to the permanent
 * store. When the store cannot be read, only the recent ones are returned, and `archiveFailure` has the reason and a
 * retry.
 */
export function useHistory(
  goalId: string,
): PageState<EndedSession> & { archiveFailure: { message: string; retry: () => void } | null } {
  const live = usePaginatedState(api.focus.sessions.history, { goalId }, PAGE_SIZE);
  const readArchive = useAction(api.focus.archive.page);
  const [older, setOlder] = useState<Older | null>(null);
  const [wanted, setWanted] = useState(1);
  const atEnd = live.kind === "ready" && !live.loadMore && !live.loadingMore;
  const mine = older?.goalId === goalId ? older : null;
  const pagesRead = mine?.pages ?? 0;
  const cursor = mine?.cursor ?? null;
  const reading = atEnd && !mine?.done && !mine?.failure && pagesRead < wanted;

  useEffect(() => {
    if (!reading) return;
    let current = true;
    const change = (next: (before: Older) => Older) => {
      if (current) setOlder((before) => next(before?.goalId === goalId ? before : nothingOf(goalId)));
    };
    readArchive({ goalId, cursor, limit: ARCHIVE_PAGE_SIZE }).then(
      ({ items, next }) =>
        change((before) => ({
          ...before,
          items: [...before.items, ...items],
          pages: before.pages + 1,
          cursor: next,
          done: next === null,
        })),
      (error: unknown) => change((before) => ({ ...before, failure: readFailure(error) })),
    );
    return () => {
      current = false;
    };
  }, [reading, goalId, cursor, readArchive]);

  if (live.kind !== "ready" || !mine) return { ...live, archiveFailure: null };
  const known = new Set(live.data.map(({ id }) => id));
  const archived = mine.items.filter(({ id }) => !known.has(id));
  const more = mine.done || mine.failure ? null : () => setWanted(pagesRead + 1);
  return {
    ...live,
    data: [...live.data, ...archived],
    loadMore: live.loadMore ?? more,
    loadingMore: live.loadingMore || reading,
    archiveFailure: mine.failure && {
      message: mine.failure.message,
      retry: () => setOlder({ ...mine, failure: null }),
    },
  };
}
