/**
 * Every live function the application calls (contracts §7). One place, so that a page never names a function by text.
 * Arguments and results come from the functions themselves; where a folder's `api.ts` declares them, that declaration is
 * what the page relies on.
 */
import { api as generated } from "@convex/_generated/api";
import type { FunctionReference } from "convex/server";
import type { NotificationsApi } from "@/notifications/api";
import type { TutoringApi } from "@/tutoring/api";
import type { ValuationsApi } from "@/valuations/api";

/** ms since the epoch, or RFC 3339 text; read it with `instant`. */
export type Instant = number | string;
export type NoArgs = Record<string, never>;

export type Query<Args extends Record<string, unknown>, Result> = FunctionReference<"query", "public", Args, Result>;
export type Mutation<Args extends Record<string, unknown>, Result = null> = FunctionReference<"mutation", "public", Args, Result>;
export type Action<Args extends Record<string, unknown>, Result> = FunctionReference<"action", "public", Args, Result>;

/** A query that `usePaginatedState` reads page by page. */
export type Paginated<Args extends Record<string, unknown>, Item> = FunctionReference<
  "query",
  "public",
  Args & { paginationOpts: { numItems: number; cursor: string | null; endCursor?: string | null; id?: number } },
  { page: Item[]; isDone: boolean; continueCursor: string }
>;

type Declared = {
  notifications: NotificationsApi;
  tutoring: TutoringApi;
  valuations: ValuationsApi;
};

export const api = generated as unknown as Omit<typeof generated, keyof Declared> & Declared;
