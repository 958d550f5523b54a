import { useAction } from "convex/react";
import { useEffect, useState } from "react";
import { api } from "@/lib/api";
import { readFailure, type Failure } from "@/lib/errors";
import { usePaginatedState, type PageState } from "@/lib/live/usePaginatedState";
import type { EndedSession } from "../types";

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
  const archive = useArchive(goalId, live.kind === "ready" && !live.loadMore && !live.loadingMore);
  if (live.kind !== "ready" || !archive) return { ...live, archiveFailure: null };
  const known = new Set(live.data.map(({ id }) => id));
  return {
    ...live,
    data: [...live.data, ...archive.items.filter(({ id }) => !known.has(id))],
    loadMore: live.loadMore ?? archive.loadMore,
    loadingMore: live.loadingMore || archive.isReading,
    archiveFailure: archive.failure,
  };
}

/** The sessions in the permanent store, which is read while `isWanted`; null before the first answer. */
function useArchive(goalId: string, isWanted: boolean) {
  const readArchive = useAction(api.focus.archive.page);
  const [older, setOlder] = useState<Older | null>(null);
  const [wantedPages, setWantedPages] = useState(1);
  const mine = older?.goalId === goalId ? older : null;
  const pagesRead = mine?.pages ?? 0;
  const cursor = mine?.cursor ?? null;
  const isReading = isWanted && !mine?.done && !mine?.failure && pagesRead < wantedPages;

  useEffect(() => {
    if (!isReading) return;
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
  }, [isReading, goalId, cursor, readArchive]);

  return (
    mine && {
      items: mine.items,
      isReading,
      loadMore: mine.done || mine.failure ? null : () => setWantedPages(pagesRead + 1),
      failure: mine.failure && {
        message: mine.failure.message,
        retry: () => setOlder({ ...mine, failure: null }),
      },
    }
  );
}
